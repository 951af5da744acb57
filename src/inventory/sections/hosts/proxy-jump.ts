import { isIPv6 } from 'node:net';

import type { Host, Login } from '#core/cluster.ts';
import { rememberLast } from '#core/remember-last.ts';
import { type Accepted, integer, map, mapOf, type Schema, text, type ValidPart } from '#core/schema.ts';
import type { Secret } from '#core/secret.ts';
import type { Section, ValidationContext } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { suggest } from '#inventory/text/suggestion.ts';
import { type LocalFile, localFile } from '#inventory/values/local-file.ts';
import { localPath } from '#inventory/values/local-path.ts';
import { LOGIN_DEFAULTS } from '#inventory/values/login-defaults.ts';
import { secretReference } from '#inventory/values/secret-reference.ts';

import type { ExpandedHost, HostContext } from './expand-hosts.ts';

const jumpSchema = (description: string): Schema<string> =>
  text(description, {
    wanted: 'bastions as [user@]host[:port], by commas; or none',
    examples: ['edge', 'admin@edge.example.com:2222'],
  });

const bastion = map(
  {
    address: text('What to connect to; by default the name.', { wanted: 'an IP address or a name' }),
    port: integer("The SSH server's port.", { minimum: 1, maximum: 65_535, default: LOGIN_DEFAULTS.port }),
    user: text('Who to log in as; by default as at the host behind it.', { wanted: 'the name of a user' }),
    identityFile: text('A private key; by default that of the host behind it. Relative to the inventory.', {
      wanted: 'the path of a private key',
      examples: ['~/.ssh/bastion'],
    }),
    passphrase: secretReference('The passphrase of identityFile.'),
    password: secretReference('The password to log in with.'),
    proxyJump: jumpSchema('The bastions on the way to this one.'),
  },
  'A machine that others are reached through.',
);

type Bastion = Accepted<typeof bastion>;

export const bastionsSchema = mapOf(
  bastion,
  'Machines that others are reached through, by the name that proxyJump refers to them with.',
  { wanted: 'a map of bastions', examples: [{ edge: { address: '203.0.113.10', user: 'admin' } }] },
);

type Bastions = Readonly<Record<string, Bastion>>;
type ValidBastions = ValidPart<Bastions> | undefined;

const SECRETS = ['passphrase', 'password'] as const;

export const bastionSecrets = (written: ValidBastions, path: Path): readonly Path[] =>
  Object.entries(written ?? {}).flatMap(([name, one]) =>
    SECRETS.filter((key) => one?.[key] !== undefined).map((key) => [...path, name, key]),
  );

export const bastionFiles = (written: ValidBastions, path: Path): readonly LocalFile[] =>
  Object.entries(written ?? {}).flatMap(([name, one]) =>
    localFile(one?.identityFile, [...path, name, 'identityFile'], { isForLogin: true }),
  );

export const bastionFindings = (
  written: ValidBastions,
  context: ValidationContext,
  path: Path,
): readonly Finding[] =>
  Object.entries(written ?? {}).flatMap(([name, one]) => [
    ...jumpFindings(one?.proxyJump, context, [...path, name, 'proxyJump']),
    ...(isCircle(name, context.document.ssh?.bastions)
      ? [{ path: [...path, name, 'proxyJump'], message: `the way to ${name} leads through ${name} itself` }]
      : []),
  ]);

/** Follows the first hop of each: those after it are reached from there. */
function isCircle(name: string, bastions: ValidBastions): boolean {
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined;) {
    if (seen.has(next)) return next === name;
    seen.add(next);
    next = hopsOf(bastions?.[next]?.proxyJump)?.[0]?.address;
  }
  return false;
}

/** In OpenSSH's words. @see https://man.openbsd.org/ssh_config#ProxyJump (OpenSSH 10.0) */
export const proxyJump: Section<Schema<string>, Pick<Host, 'bastions'>, HostContext> = {
  schema: jumpSchema(
    'The bastions on the way to the host, each the name of one of ssh.bastions, the name of another host, or [user@]host[:port]; none where there are none. By default the host is reached directly.',
  ),
  validate: jumpFindings,
  build: (written, context) => {
    const bastions = wayTo(written, context.host, context, new Set([context.host.name]));
    return bastions.length === 0 ? {} : { bastions };
  },
};

/** Remembered, because each host asks it. */
const byName = rememberLast(
  (hosts: readonly ExpandedHost[]): ReadonlyMap<string, ExpandedHost> =>
    new Map(hosts.map((host) => [host.name, host])),
);

interface Hop {
  readonly user?: string | undefined;
  /** A name of the inventory, or what to connect to. */
  readonly address: string;
  readonly port?: number | undefined;
}

/** Undefined where it cannot be read. */
export function hopsOf(written: string | undefined): readonly Hop[] | undefined {
  if (written === undefined || written === 'none') return [];
  const hops = written.split(',').map((hop) => hopOf(hop.trim()));
  return hops.every((hop) => hop !== undefined) ? hops : undefined;
}

function hopOf(written: string): Hop | undefined {
  const [, user, rest = ''] = /^(?:([\w.@\\-]+)@)?(.*)$/.exec(written) ?? [];
  if (isIPv6(rest)) return { user, address: rest };
  const [, v6, name, digits] =
    /^(?:\[([0-9a-fA-F:.]+)\]|(\w(?:[\w.-]*\w)?))(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const [address, port] = [v6 ?? name, digits === undefined ? undefined : Number(digits)];
  const isRight = address !== undefined && (v6 === undefined || isIPv6(v6));
  return isRight && (port === undefined || (port >= 1 && port <= 65_535))
    ? { user, address, port }
    : undefined;
}

function jumpFindings(
  written: string | undefined,
  { document, hosts }: ValidationContext,
  path: Path,
): readonly Finding[] {
  const hops = hopsOf(written);
  if (hops === undefined) {
    const message = 'must be bastions as [user@]host[:port], by commas, or none';
    return [{ path, message, got: quoteValue(written) }];
  }
  const bastions = Object.keys(document.ssh?.bastions ?? {});
  return hops.flatMap(({ address }): readonly Finding[] => {
    const isHost = (): boolean => byName(hosts).has(address);
    if (bastions.includes(address) || address.includes('.') || address.includes(':') || isHost()) return [];
    const suggestion = suggest(address, bastions);
    return suggestion === undefined
      ? []
      : [{ path, message: `there is no bastion ${JSON.stringify(address)}`, suggestion }];
  });
}

/** From this machine on. What leads through the host itself is what the hosts behind it have from their defaults. */
function wayTo(
  written: string | undefined,
  host: ExpandedHost,
  context: HostContext,
  seen: ReadonlySet<string>,
): readonly Login[] {
  const hops = hopsOf(written) ?? [];
  const [first] = hops;
  if (first === undefined || hops.some(({ address }) => seen.has(address))) return [];
  const { document, hosts } = context;
  const own =
    document.ssh?.bastions?.[first.address]?.proxyJump ??
    byName(hosts).get(first.address)?.settings.proxyJump;
  const before = wayTo(own, host, context, new Set([...seen, first.address]));
  return [...before, ...hops.map((hop) => loginOf(hop, host, context))];
}

function loginOf(hop: Hop, behind: ExpandedHost, context: HostContext): Login {
  const { document, hosts, places } = context;
  const named = document.ssh?.bastions?.[hop.address];
  const host = named === undefined ? byName(hosts).get(hop.address) : undefined;
  const { user, port, identityFile } = named ?? host?.settings ?? {};
  const isOfHostBehind = host === undefined && identityFile === undefined && named?.password === undefined;
  const key = isOfHostBehind ? behind.settings.identityFile : identityFile;
  const secretAt = (field: 'password' | 'passphrase'): Path | undefined =>
    named !== undefined && named[field] !== undefined
      ? ['ssh', 'bastions', hop.address, field]
      : isOfHostBehind && field === 'passphrase'
        ? behind.secrets[field]
        : host?.secrets[field];
  return {
    name: hop.address,
    address: named?.address ?? host?.address ?? hop.address,
    port: hop.port ?? port ?? LOGIN_DEFAULTS.port,
    user: hop.user ?? user ?? (host === undefined ? behind.settings.user : undefined) ?? LOGIN_DEFAULTS.user,
    ...(key !== undefined && { identityFile: localPath(key, places) }),
    ...secretMember('password', secretAt, context),
    ...secretMember('passphrase', secretAt, context),
  };
}

function secretMember<Key extends 'password' | 'passphrase'>(
  key: Key,
  at: (key: Key) => Path | undefined,
  { secrets }: HostContext,
): { readonly [K in Key]?: Secret } {
  const found = secrets.get(JSON.stringify(at(key)));
  return (found === undefined ? {} : { [key]: found }) as { readonly [K in Key]?: Secret };
}
