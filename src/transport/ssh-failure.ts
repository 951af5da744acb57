import type { Login } from '#core/cluster.ts';
import type { SlipwayError } from '#core/slipway-error.ts';

import type { Authentication } from './authentication.ts';
import { ConnectionCut, HostComingUp, sshCommand, unreachable } from './unreachable.ts';

export interface SshFailureContext {
  readonly host: Login;
  readonly timeoutMs: number;
  /** Whether anybody answered at all. */
  readonly hasConnected: boolean;
  /** Whether the keys were exchanged: what comes after is the login. */
  readonly hasShakenHands: boolean;
  /** The last text that the server sent for people; empty where it sent none. */
  readonly said: string;
  readonly authentication: Authentication;
  /** The server's algorithms, by ssh2's word for their kind; empty when it named none. */
  readonly offers: ReadonlyMap<string, readonly string[]>;
}

interface SshError extends Error {
  readonly code?: string | number;
  readonly level?: string;
}

const CUT: Reason = [
  'the connection was cut before anybody was let in',
  "does sshd's MaxStartups or a ban keep us out; see its log on the host",
  ConnectionCut,
];

/** Network errors by their code: what they mean, and what to look at. @see https://man7.org/linux/man-pages/man3/errno.3.html */
const NETWORK: Readonly<Record<string, (host: Login) => Reason>> = {
  ECONNREFUSED: ({ port }) => [
    `nothing listens on port ${port}`,
    'is sshd running there, and is the port the right one',
  ],
  EHOSTUNREACH: ({ address }) => [
    `there is no route to ${address}`,
    'is the machine up, and is the address the right one',
  ],
  ENETUNREACH: ({ address }) => [
    `there is no route to ${address}`,
    "is this machine's network up, or a VPN needed",
  ],
  ETIMEDOUT: ({ address }) => [`${address} does not answer`, 'is the machine up, or a firewall in between'],
  ENOTFOUND: ({ address }) => [
    `the name ${address} does not resolve`,
    'correct address in the inventory, or the DNS',
  ],
  EAI_AGAIN: ({ address }) => [`the name ${address} cannot be looked up`, "does this machine's DNS work"],
  ECONNRESET: () => CUT,
};

/** What is wrong and what to do; and the class of the error, where the same may succeed later. */
type Reason = readonly [why: string, hint: string, passes?: typeof SlipwayError];

/** Says in plain words why an SSH connection did not come about. */
export function sshFailure(cause: unknown, context: SshFailureContext): SlipwayError {
  const [why, hint, passes] = reasonOf(cause as SshError, context);
  return unreachable(context.host, why, hint, { cause, ...(passes && { passes }) });
}

function reasonOf(error: SshError, context: SshFailureContext): Reason {
  const { host } = context;
  if (context.hasShakenHands && isHangUp(error)) return hungUp(context);
  const network = typeof error.code === 'string' ? NETWORK[error.code] : undefined;
  if (network !== undefined) return network(host);
  if (error.level === 'client-timeout') return timedOut(error, context);
  if (error.level === 'client-authentication') return notLetIn(context);
  if (error.level === 'agent') {
    return [
      `the SSH agent did not sign: ${error.message}`,
      'see "ssh-add -l", or name an identityFile in the inventory',
    ];
  }
  if (error.message.startsWith('Handshake failed: no matching')) return nothingInCommon(error, context);
  if (/too many authentication failures/i.test(error.message)) {
    return [
      `it gave up after too many keys: ${context.authentication.tried.join(', ')}`,
      'name the right identityFile in the inventory, so that no other key is tried',
    ];
  }
  if (isHangUp(error)) return CUT;
  return [error.message, `try "${sshCommand(host)}"`];
}

/** node-ssh says that there was no response, with the code of a timeout, whenever the connection has ended. */
const isHangUp = ({ code, message }: SshError): boolean =>
  code === 'ECONNRESET' || /before handshake|no response from server/i.test(message);

/**
 * The server ended the connection during the login: PAM keeps the user out, and has mostly said why.
 *
 * @see https://man7.org/linux/man-pages/man8/pam_nologin.8.html
 */
function hungUp(context: SshFailureContext): Reason {
  const words = wordsOf(context);
  const log = `the log of its sshd (journalctl -u ssh): rules of PAM may keep ${context.host.user} out`;
  if (words === '') {
    return ['it closed the connection during the login, without a word', `see ${log}`, ConnectionCut];
  }
  const why = `it closed the connection during the login, and its last words were: ${words}`;
  return notUpYet(words) ?? [why, `see /etc/nologin on it, and ${log}`];
}

/** @see https://github.com/systemd/systemd/blob/v252/tmpfiles.d/systemd-nologin.conf for the words of systemd */
const notUpYet = (words: string): Reason | undefined =>
  /is booting up|is going down/i.test(words)
    ? [
        `it lets nobody in now: ${words}`,
        'wait until "systemctl is-system-running" there says running or degraded',
        HostComingUp,
      ]
    : undefined;

const wordsOf = ({ said, authentication }: SshFailureContext): string =>
  plainWords(authentication.said || said);

const plainWords = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .replaceAll(/^[ "]+|[ "]+$/g, '');

function timedOut({ message }: SshError, { timeoutMs, hasConnected }: SshFailureContext): Reason {
  const seconds = timeoutMs / 1000;
  return hasConnected
    ? [
        `it answers, but no SSH session came about: ${message}`,
        'is it an SSH server, and is it overloaded; ssh.connectTimeout gives it more time',
      ]
    : [
        `no answer within ${seconds} s`,
        'is the machine up, is the address right, does a firewall drop packets',
      ];
}

function notLetIn({ host, authentication }: SshFailureContext): Reason {
  const { tried, offered } = authentication;
  const words = plainWords(authentication.said);
  const coming = notUpYet(words);
  if (coming !== undefined) return coming;
  const offer = offered.length === 0 ? '' : `; it takes ${offered.join(', ')}`;
  const why =
    tried.length === 0
      ? `it takes none of the ways to log in that the inventory allows${offer}`
      : `it did not accept ${tried.join(', ')}${offer}`;
  // ssh2 does not tell what the server takes after it has tried the keys of an agent.
  const hint =
    offered.includes('publickey') || offered.length === 0
      ? `put the public key into ~${host.user}/.ssh/authorized_keys on the host, or name another identityFile`
      : 'set password in the inventory, or let sshd take public keys';
  return [words === '' ? why : `${why}; it says: ${words}`, hint];
}

const KINDS = [
  { name: 'key exchange', offer: 'KEX method', setting: 'KexAlgorithms' },
  { name: 'host key', offer: 'Host key format', setting: 'HostKeyAlgorithms' },
  { name: 'cipher', offer: 'S->C cipher', setting: 'Ciphers' },
  { name: 'MAC', offer: 'S->C MAC', setting: 'MACs' },
] as const;

/** ssh2 has no post-quantum key exchange; a server that takes nothing else is told apart. */
function nothingInCommon(error: SshError, { offers }: SshFailureContext): Reason {
  const kind = KINDS.find(({ name }) => error.message.includes(name));
  if (kind === undefined) return [error.message, 'see the log of its sshd'];
  const offered = (offers.get(kind.offer) ?? []).filter((name) => !/^(kex-strict|ext-info)-/.test(name));
  const isPostQuantum =
    offered.length > 0 && offered.every((name) => /mlkem|sntrup|kyber|mceliece/.test(name));
  const list = offered.length === 0 ? '' : `: it offers ${offered.join(', ')}`;
  const example = kind.name === 'key exchange' ? `+curve25519-sha256` : 'a common one';
  return [
    isPostQuantum
      ? `it takes only post-quantum key exchanges (${offered.join(', ')}), which slipway does not have`
      : `we have no ${kind.name} in common${list}`,
    `allow one more in its sshd_config: ${kind.setting} ${example}`,
  ];
}
