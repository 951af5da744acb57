import { changeOr, differs, none, type Outcome, refused, type Resource, resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import { run, type Step } from '#core/step.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { type LabelledPaths, selinuxLabels, type SelinuxMode, selinuxMode } from '#facts/selinux.ts';
import { edited, refuseUnreadable, writeStep } from '#resources/files/diff-file.ts';

/** What SELinux is at boot; /etc/sysconfig/selinux is a link to it. */
const CONFIG = '/etc/selinux/config';

const UNASKED = none('a freshly installed machine is looked at when it is reached');

/**
 * SELinux lets pass, now and after a reboot, what it would deny, and writes it down. Where the kernel runs without it,
 * nothing is denied.
 *
 * @see https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/using_selinux/changing-selinux-states-and-modes_using-selinux
 */
export const permissiveSelinux: Resource = resource({
  address: 'selinux',
  facts: { mode: selinuxMode(), config: fileContent(CONFIG) },
  diff: ({ mode, config }) => {
    const isAtBoot = settingIn(config.content ?? '') === 'enforcing';
    if (mode === null) return UNASKED;
    if (mode === 'off' && !isAtBoot) return none('SELinux is off');
    return refuseUnreadable(config, CONFIG) ?? diffMode(mode, 'permissive', isAtBoot ? config : undefined);
  },
});

/** SELinux enforces, now and after a reboot. It comes after the labels: what has a wrong one would be denied. */
export const enforcingSelinux: Resource = resource({
  address: 'selinux',
  facts: { mode: selinuxMode(), config: fileContent(CONFIG) },
  diff: ({ mode, config }) => {
    if (mode === null) return UNASKED;
    if (mode === 'off') {
      return refused(
        'SELinux',
        'the kernel runs without SELinux, so none of its files has a label to enforce',
        `have it label all files first: SELINUX=permissive in ${CONFIG}, no selinux=0 on the kernel's command line, touch /.autorelabel, and reboot; or leave selinux: enforcing out of the inventory`,
      );
    }
    const isAtBoot = settingIn(config.content ?? '') === 'enforcing';
    return refuseUnreadable(config, CONFIG) ?? diffMode(mode, 'enforcing', isAtBoot ? undefined : config);
  },
});

/** @param config that is to have the mode; absent: it is as wanted. */
function diffMode(
  mode: SelinuxMode,
  wanted: 'permissive' | 'enforcing',
  config: FileAnswer | undefined,
): Outcome {
  const isLive = mode === 'off' || mode === wanted;
  return changeOr(
    `SELinux is ${wanted}`,
    [
      ...(config === undefined
        ? []
        : differs('after a reboot', settingIn(config.content ?? '') ?? null, wanted)),
      ...(isLive ? [] : differs('now', mode, wanted)),
    ],
    (): readonly Step[] => [
      ...(config === undefined
        ? []
        : [writeStep(edited(config, CONFIG, withSetting(config.content ?? '', wanted)))]),
      ...(isLive
        ? []
        : [run(`have SELinux be ${wanted}`, sh`setenforce ${wanted === 'enforcing' ? '1' : '0'}`)]),
    ],
  );
}

const SETTING = /^[ \t]*SELINUX[ \t]*=[ \t]*(\S*).*$/m;

const settingIn = (text: string): string | undefined => SETTING.exec(text)?.[1]?.toLowerCase();

/** Every other line stays. */
const withSetting = (text: string, mode: string): string => {
  const line = `SELINUX=${mode}`;
  if (SETTING.test(text)) return text.replace(SETTING, line);
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`;
};

/**
 * What slipway and kubeadm write, and release files bring, where the policy has labels of its own. A file takes the label
 * of its directory, which may be older than the policy, and one that was moved keeps what it had.
 *
 * Below /var/lib/kubelet are volumes of pods, whose labels are theirs: of that the directory and kubeadm's files alone.
 *
 * @see https://github.com/containers/container-selinux/blob/main/container.fc
 */
export const LABELLED: LabelledPaths = {
  trees: ['/etc/kubernetes', '/etc/containerd', '/etc/crio', '/etc/docker'],
  paths: [
    '/var/lib/kubelet',
    '/var/lib/kubelet/config.yaml',
    '/var/lib/kubelet/kubeadm-flags.env',
    ...['containerd', 'containerd-shim-runc-v2', 'crictl', 'cri-dockerd', 'ctr', 'runc'].flatMap((name) => [
      `/usr/local/bin/${name}`,
      `/usr/local/sbin/${name}`,
    ]),
    ...['containerd.service', 'cri-docker.service', 'cri-docker.socket'].map(
      (name) => `/etc/systemd/system/${name}`,
    ),
    CONFIG,
  ],
};

const NAMED = 5;

/** Labels are those of the policy, before anything is denied for their sake. */
export const labels: Resource = resource({
  address: 'selinux-labels',
  facts: { mode: selinuxMode(), labels: selinuxLabels(LABELLED) },
  diff: ({ mode, labels: { isKnown, wrong } }) => {
    if (mode === null) return UNASKED;
    if (mode === 'off') return none('the kernel runs without SELinux, and files have no labels');
    if (!isKnown) {
      return refused(
        'SELinux',
        'there is no restorecon, which knows the labels of files',
        'install policycoreutils; or leave selinux: enforcing out of the inventory',
      );
    }
    return changeOr(
      'files have the labels that the policy has for them',
      wrong.slice(0, NAMED).map(({ path, from, to }, index) => ({
        what:
          index === NAMED - 1 && wrong.length > NAMED ? `${path}, and ${wrong.length - NAMED} more` : path,
        from: typeOf(from),
        to: typeOf(to),
      })),
      [
        run(
          'give files the labels of the policy',
          lines(sh`restorecon -i ${LABELLED.paths}`, sh`restorecon -iR ${LABELLED.trees}`),
        ),
      ],
    );
  },
});

/** `kubernetes_file_t` of `system_u:object_r:kubernetes_file_t:s0`: the rest is as nobody asks. */
const typeOf = (context: string): string => context.split(':')[2] ?? context;
