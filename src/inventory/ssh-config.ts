import { rememberEach } from '#core/remember-each.ts';

import type { InventoryDocument } from './inventory.ts';
import type { ValidDocument } from './section.ts';
import type { ExpandedHost } from './sections/hosts/expand-hosts.ts';
import { hopsOf } from './sections/hosts/proxy-jump.ts';
import type { Finding } from './text/problem.ts';
import { localPath, type Places } from './values/local-path.ts';
import { LOGIN_DEFAULTS } from './values/login-defaults.ts';

/**
 * What `ssh -G` says of a host by a file of ssh_config; `none` is no file at all.
 *
 * @throws {Error} with the words of ssh, or why there is no such program.
 */
export type AskSsh = (file: string, name: string) => Promise<string>;

export interface SshConfigSources extends Places {
  readonly askSsh: AskSsh;
  readonly isFile: (path: string) => Promise<boolean>;
}

interface Expanded {
  readonly valid: ValidDocument;
  readonly hosts: readonly ExpandedHost[];
  readonly findings: readonly Finding[];
}

/**
 * Fills in from the file of ssh.config what the inventory does not say of hosts and of the bastions before them. ssh
 * itself reads the file: it alone knows all that may stand in one.
 *
 * @see https://man.openbsd.org/ssh#G (OpenSSH 10.0)
 */
export async function withSshConfig(expanded: Expanded, sources: SshConfigSources): Promise<Expanded> {
  const written = expanded.valid.ssh?.config;
  if (written === undefined) return expanded;
  const file = localPath(written, sources);
  const { findings } = expanded;
  try {
    const usual = keysIn(linesOf(await sources.askSsh('none', 'host')));
    const read = rememberEach(
      (name: string) => entryOf(file, name, usual, sources),
      (name) => name,
    );
    const entries = await Promise.all(
      expanded.hosts.map(async ({ address, settings }) =>
        settings.connection === 'local' ? undefined : read(address),
      ),
    );
    const hosts = expanded.hosts.map((host, index) => filledIn(host, entries[index]));
    const commands = expanded.hosts.flatMap(({ entry, settings, address }, index): readonly Finding[] => {
      const isCommand = entries[index]?.proxyCommand !== undefined && settings.proxyJump === undefined;
      const message = `${file} has a ProxyCommand for ${address}, which slipway does not run: say proxyJump here, or ProxyJump there`;
      return isCommand ? [{ path: ['hosts', entry], message }] : [];
    });
    const bastions = await bastionsOf(expanded.valid, hosts, read);
    const ssh = { ...expanded.valid.ssh, bastions };
    return { valid: { ...expanded.valid, ssh }, hosts, findings: [...findings, ...commands] };
  } catch (error) {
    const message = `cannot be used: ${(error as Error).message}`;
    return { ...expanded, findings: [...findings, { path: ['ssh', 'config'], message }] };
  }
}

interface Entry {
  readonly address: string;
  readonly user: string;
  readonly port: number;
  readonly identityFile?: string;
  readonly proxyJump?: string;
  readonly proxyCommand?: string;
}

async function entryOf(
  file: string,
  name: string,
  usual: readonly string[],
  sources: SshConfigSources,
): Promise<Entry> {
  const said = linesOf(await sources.askSsh(file, name));
  const one = (key: string): string | undefined => said.find(([word]) => word === key)?.[1];
  const keys = keysIn(said);
  const own = keys.every((key, index) => key === usual[index]) ? [] : keys;
  const there = await Promise.all(own.map((key) => sources.isFile(localPath(key, sources))));
  const identityFile = own[Math.max(there.indexOf(true), 0)];
  const [proxyJump, proxyCommand] = [one('proxyjump'), one('proxycommand')];
  return {
    address: one('hostname') ?? name,
    user: one('user') ?? LOGIN_DEFAULTS.user,
    port: Number(one('port') ?? LOGIN_DEFAULTS.port),
    ...(identityFile !== undefined && { identityFile }),
    ...(proxyJump !== undefined && { proxyJump }),
    ...(proxyCommand !== undefined && { proxyCommand }),
  };
}

type Line = readonly [word: string, value: string];

const keysIn = (lines: readonly Line[]): readonly string[] =>
  lines.flatMap(([word, value]) => (word === 'identityfile' ? [value] : []));

const linesOf = (text: string): readonly Line[] =>
  text.split('\n').map((line) => {
    const [word = '', ...rest] = line.trim().split(' ');
    return [word, rest.join(' ')];
  });

/** What the inventory says comes first. */
function filledIn(host: ExpandedHost, entry: Entry | undefined): ExpandedHost {
  if (entry === undefined) return host;
  const { address, proxyCommand: _, ...login } = entry;
  const { settings } = host;
  const said = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return { ...host, address, settings: { ...login, ...said } };
}

type Bastions = NonNullable<NonNullable<InventoryDocument['ssh']>['bastions']>;

/** Those of the inventory, and what the file says of others on the way, and on the way to them. */
async function bastionsOf(
  { ssh }: ValidDocument,
  hosts: readonly ExpandedHost[],
  read: (name: string) => Promise<Entry>,
): Promise<Bastions> {
  const bastions: Record<string, Bastions[string]> = { ...(ssh?.bastions as Bastions | undefined) };
  const names = new Set(hosts.map(({ name }) => name));
  const ways = new Set([
    ...hosts.map(({ settings }) => settings.proxyJump),
    ...Object.values(bastions).map(({ proxyJump }) => proxyJump),
  ]);
  // What is added while the loop goes on is gone through as well.
  for (const way of ways) {
    for (const { address } of hopsOf(way) ?? []) {
      if (names.has(address) || Object.hasOwn(bastions, address)) continue;
      const { proxyCommand: _, ...bastion } = await read(address);
      bastions[address] = bastion;
      ways.add(bastion.proxyJump);
    }
  }
  return bastions;
}
