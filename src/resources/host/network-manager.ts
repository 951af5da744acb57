import { changeOr, none, type Resource, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { fileContent } from '#facts/file.ts';
import { networkManager } from '#facts/network-manager.ts';
import { diffFile } from '#resources/files/diff-file.ts';

export const CALICO_INTERFACES_FILE = '/etc/NetworkManager/conf.d/calico.conf';

/**
 * Calico's names for its interfaces.
 *
 * @see https://docs.tigera.io/calico/latest/operations/troubleshoot/troubleshooting#configure-networkmanager (3.32)
 */
const INTERFACES = [
  'cali*',
  'tunl*',
  'vxlan.calico',
  'vxlan-v6.calico',
  'wireguard.cali',
  'wg-v6.cali',
] as const;

/** With a plus the list is added to what other files have. @see https://networkmanager.dev/docs/api/latest/NetworkManager.conf.html (1.42) */
const CONTENT = `# Written by slipway: Calico's interfaces are none of NetworkManager's.
[keyfile]
unmanaged-devices+=${INTERFACES.map((name) => `interface-name:${name}`).join(';')}
`;

const RELOAD = run('have NetworkManager read its settings again', sh`systemctl reload NetworkManager`);

/** NetworkManager leaves Calico's interfaces and their routes alone, before there are any. */
export const unmanagedCalico: Resource = resource({
  address: `file:${CALICO_INTERFACES_FILE}`,
  facts: { manager: networkManager(CALICO_INTERFACES_FILE), found: fileContent(CALICO_INTERFACES_FILE) },
  diff: ({ manager, found }) => {
    if (!manager.isRunning) return none('NetworkManager does not run');
    const isNamed = INTERFACES.every((name) => unmanagedIn(found.content ?? '').includes(name));
    // What somebody else has written there to the same end is as good.
    const outcome = isNamed
      ? none(`${CALICO_INTERFACES_FILE} names Calico's interfaces`)
      : diffFile(found, { path: CALICO_INTERFACES_FILE, content: CONTENT });
    if (outcome.answer === 'change') return { ...outcome, steps: [...outcome.steps, RELOAD] };
    if (outcome.answer !== 'none') return outcome;
    return changeOr(
      outcome.why,
      manager.isRead
        ? []
        : [
            {
              what: 'NetworkManager',
              from: `started before ${CALICO_INTERFACES_FILE} was written`,
              to: 'has read it',
            },
          ],
      [RELOAD],
    );
  },
});

/** What a file of NetworkManager's leaves alone, by the names of interfaces. */
const unmanagedIn = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const [, list = ''] = /^[ \t]*unmanaged-devices[ \t]*\+?=(.*)$/.exec(line) ?? [];
    return list.split(/[;,]/).flatMap((one) => /^[ \t]*interface-name:(\S+)/.exec(one)?.[1] ?? []);
  });
