import { type Socket, connect as connectSocket } from 'node:net';

import { NodeSSH } from 'node-ssh';
import type { Client, ConnectConfig } from 'ssh2';

import type { Host, SshSettings } from '#core/cluster.ts';
import type { Environment } from '#core/environment.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Transport } from '#core/transport.ts';

import { type Authentication, Credentials } from './authentication.ts';
import { type HostKeyCheck, HostKeys } from './host-keys.ts';
import { type Patience, ShellConnection } from './shell-connection.ts';
import { sshFailure } from './ssh-failure.ts';
import { SshLauncher } from './ssh-launcher.ts';
import { unreachable } from './unreachable.ts';

/**
 * The fastest that are secure come first. Group exchange is left out: to check its primes takes a second of CPU, in
 * which no other host is served.
 */
const ALGORITHMS = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} satisfies ConnectConfig['algorithms'];

const KEEPALIVE_INTERVAL_MS = 15_000;
const KEEPALIVE_COUNT = 3;

export interface SshTransportOptions extends Patience {
  readonly settings: SshSettings;
  /** HOME, whose keys are tried where the inventory names none, and SSH_AUTH_SOCK, for the agent. */
  readonly env: Environment;
  /** Told what a person may want to know of a connection: a host key that was written down. */
  readonly log?: (line: string) => void;
}

/** Hosts over SSH, as the inventory says; one connection each. */
export function sshTransport({
  settings,
  env,
  log = () => undefined,
  ...patience
}: SshTransportOptions): Transport {
  const hostKeys = new HostKeys(settings, log);
  const credentials = new Credentials(env);
  return {
    connect: async (host) => {
      try {
        const authentication = await credentials.of(host);
        const hostKey = await hostKeys.checkOf(host);
        const approach = { host, timeoutMs: settings.connectTimeoutMs, authentication, hostKey };
        return new ShellConnection(host, await connect(approach), patience);
      } catch (error) {
        if (error instanceof SlipwayError || !isSystemError(error)) throw error;
        throw unreachable(host, error.message, 'see that the file can be read and written', { cause: error });
      }
    },
  };
}

interface Approach {
  readonly host: Host;
  readonly timeoutMs: number;
  readonly authentication: Authentication;
  readonly hostKey: HostKeyCheck;
}

async function connect(approach: Approach): Promise<SshLauncher> {
  const { host, timeoutMs, authentication } = approach;
  const progress = { hasConnected: false, hasShakenHands: false, said: '' };
  let verdict: unknown;
  const verify = async (key: Buffer): Promise<boolean> => {
    try {
      await approach.hostKey.verify(key);
      return true;
    } catch (error) {
      verdict = error;
      return false;
    }
  };
  const { client, socket, ready } = dial(approach, verify);
  socket.once('connect', () => (progress.hasConnected = true));
  client.once('handshake', () => (progress.hasShakenHands = true));
  // The last is the one that counts: a text for everybody comes first.
  client.on('banner', (text) => (progress.said = text));
  const launcher = new SshLauncher(host.name, client, socket);
  try {
    await ready;
  } catch (error) {
    socket.destroy();
    if (verdict !== undefined) throw verdict;
    const offers = isDisagreement(error) ? await offersOf(approach) : new Map<string, readonly string[]>();
    throw sshFailure(error, { host, timeoutMs, ...progress, authentication, offers });
  }
  return launcher;
}

function dial(
  { host, timeoutMs, authentication, hostKey }: Approach,
  verify: (key: Buffer) => Promise<boolean>,
  debug?: (line: string) => void,
): { readonly client: Client; readonly socket: Socket; readonly ready: Promise<unknown> } {
  const ssh = new NodeSSH();
  // ssh2 leaves Nagle's algorithm on, which would delay every second packet of ours.
  const socket = connectSocket({ host: host.address, port: host.port, noDelay: true });
  const ready = ssh.connect({
    sock: socket,
    username: host.user,
    algorithms: { ...ALGORITHMS, serverHostKey: [...hostKey.algorithms] as never },
    authHandler: authentication.handler(),
    hostVerifier: (key: Buffer, answer: (isRight: boolean) => void) => void verify(key).then(answer),
    readyTimeout: timeoutMs,
    keepaliveInterval: KEEPALIVE_INTERVAL_MS,
    keepaliveCountMax: KEEPALIVE_COUNT,
    ...(debug !== undefined && { debug }),
  });
  const client = ssh.connection;
  if (client === null) throw new TypeError('node-ssh made no client');
  // Without a listener, a connection reset would become an uncaught exception.
  client.on('error', () => undefined);
  return { client, socket, ready };
}

const isDisagreement = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Handshake failed: no matching');

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';

/** Connects once more to learn the algorithms that a server offers: ssh2 writes them only to its debug log. */
async function offersOf(approach: Approach): Promise<ReadonlyMap<string, readonly string[]>> {
  const offers = new Map<string, readonly string[]>();
  const { socket, ready } = dial(
    approach,
    () => Promise.resolve(false),
    (line) => {
      const [, kind, names] = /^Handshake: \(remote\) (.+?): (.*)$/.exec(line) ?? [];
      if (kind !== undefined && names !== undefined) offers.set(kind, names.split(','));
    },
  );
  await ready.catch(() => undefined);
  socket.destroy();
  return offers;
}
