import { isIPv4 } from 'node:net';

import { globExpression } from '#core/glob.ts';

import type { Imported, ImportedHost, Importer } from './imported.ts';
import { portOf, unreadable } from './loose.ts';
import { roleIn } from './roles.ts';
import type { Source } from './sources.ts';

interface Block {
  readonly patterns: readonly string[];
  /** Keys in lower case, each with the first value that it has. */
  readonly values: ReadonlyMap<string, string>;
}

/** No keyword of OpenSSH has a blank. */
const ADDRESSES = 'all addresses';

/** The one that VirtualBox's NAT gives to every machine. */
const OF_NAT = '10.0.2.15';

/** Files that ssh tries of its own accord, and so does slipway. */
const USUAL_KEYS = /\/\.ssh\/id_(rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss)$/;

/** Hosts of a configuration of OpenSSH, or of what `ssh -G` says of each. */
export const sshConfig: Importer = (text) =>
  readSshConfig(text, { what: "a configuration of OpenSSH's ssh", source: 'ssh-config' });

/** @see https://man.openbsd.org/ssh_config (OpenSSH 9.2) */
export function readSshConfig(
  text: string,
  expected: { readonly what: string; readonly source: Source },
): Imported {
  const blocks = blocksOf(text);
  const names = new Set(blocks.flatMap(({ patterns }) => patterns.filter((word) => !/[*?!]/.test(word))));
  if (names.size === 0) throw unreadable(expected.what, expected.source);
  const hosts = [...names].map((name) => hostOf(name, blocks));
  const isSplit = /^\s*(include|match)\b/im.test(text);
  return {
    hosts,
    notes: isSplit
      ? ['Include and Match are not followed: what they say is in the output of ssh -G NAME']
      : [],
  };
}

function blocksOf(text: string): readonly Block[] {
  const blocks: { patterns: readonly string[]; values: Map<string, string> }[] = [
    { patterns: ['*'], values: new Map() },
  ];
  for (const line of text.split('\n')) {
    const [, keyword = '', rest = ''] = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    // What `hostname -I` says, after the block of its host.
    if (/^[\d.]+(\s+[\da-fA-F.:]+)*\s*$/.test(line)) blocks.at(-1)?.values.set(ADDRESSES, line.trim());
    const key = keyword.toLowerCase();
    const value = rest.replace(/^"(.*)"$/, '$1');
    // ssh -G begins with the host in new releases, and with its user in old ones.
    if (key === 'host') blocks.push({ patterns: value.split(/\s+/), values: new Map() });
    else if (key === 'match') blocks.push({ patterns: [], values: new Map() });
    else if (key !== '') {
      const { values } = blocks.at(-1) ?? {};
      if (values?.has(key) === true && key === 'identityfile') values.set('more keys', value);
      else if (values?.has(key) === false) values.set(key, value);
    }
  }
  return blocks;
}

function hostOf(name: string, blocks: readonly Block[]): ImportedHost {
  const matching = blocks.filter(({ patterns }) => isMeant(name, patterns));
  const get = (key: string): string | undefined =>
    matching.map(({ values }) => values.get(key)).find((value) => value !== undefined && value !== 'none');
  const identityFile = get('identityfile');
  const jump = get('proxyjump');
  const command = get('proxycommand');
  return {
    name,
    role: roleIn(name),
    address: get('hostname')?.replaceAll('%h', name),
    port: portOf(get('port')),
    user: get('user'),
    // ssh -G lists all the usual ones where none is set.
    identityFile: identityFile === undefined || USUAL_KEYS.test(identityFile) ? undefined : identityFile,
    proxyJump: jump,
    nodeIp: get(ADDRESSES)
      ?.split(/\s+/)
      .find((address) => address !== OF_NAT && isIPv4(address)),
    notes: [
      ...(command === undefined || jump !== undefined
        ? []
        : ['it is reached by a ProxyCommand, which is not carried over: use proxyJump']),
      ...(get('more keys') === undefined || USUAL_KEYS.test(identityFile ?? '')
        ? []
        : ['it has further keys: the first one stands here']),
    ],
  };
}

function isMeant(name: string, patterns: readonly string[]): boolean {
  const matches = (pattern: string): boolean => globExpression(pattern).test(name);
  return (
    patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))
  );
}
