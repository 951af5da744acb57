import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';

import { NodeSSH } from 'node-ssh';
import type { Client, ConnectConfig } from 'ssh2';

import type { Login, SshSettings } from '#core/cluster.ts';
import type { Environment } from '#core/environment.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Transport } from '#core/transport.ts';

import { type Authentication, Credentials } from './authentication.ts';
import { Bastions } from './bastions.ts';
import { type HostKeyCheck, HostKeys } from './host-keys.ts';
import { type Patience, ShellConnection } from './shell-connection.ts';
import { sshFailure } from './ssh-failure.ts';
import { silenceOf } from './silence.ts';
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

/** Hosts over SSH, as the inventory says; one connection each, and one for each bastion before them. */
export function sshTransport({
  settings,
  env,
  log = () => undefined,
  ...patience
}: SshTransportOptions): Transport {
  const hostKeys = new HostKeys(settings, log);
  const credentials = new Credentials(env);
  const timeoutMs = settings.connectTimeoutMs;
  const logIn = async (host: Login): Promise<SshLauncher> => {
    try {
      const authentication = await credentials.of(host);
      const hostKey = await hostKeys.checkOf(host);
      const { bastions: before } = host;
      const reach = before && (() => bastions.reach(host, before, timeoutMs));
      return await connect({ host, timeoutMs, authentication, hostKey, reach });
    } catch (error) {
      if (error instanceof SlipwayError || !isSystemError(error)) throw error;
      throw unreachable(host, error.message, 'see that the file can be read and written', { cause: error });
    }
  };
  const bastions = new Bastions(logIn);
  return { connect: async (host) => new ShellConnection(host, await logIn(host), patience) };
}

interface Approach {
  readonly host: Login;
  readonly timeoutMs: number;
  readonly authentication: Authentication;
  readonly hostKey: HostKeyCheck;
  /** Opens a stream to it, where it is behind a bastion. */
  readonly reach: (() => Promise<Duplex>) | undefined;
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
  const { client, socket, ready } = dial(approach, await streamTo(approach), verify);
  if (approach.reach !== undefined) progress.hasConnected = true;
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

/** ssh2 leaves Nagle's algorithm on, which would delay every second packet of ours. */
const streamTo = ({ host, reach }: Approach): Promise<Duplex> | Duplex =>
  reach?.() ?? connectSocket({ host: host.address, port: host.port, noDelay: true });

function dial(
  { host, timeoutMs, authentication, hostKey }: Approach,
  socket: Duplex,
  verify: (key: Buffer) => Promise<boolean>,
  debug?: (line: string) => void,
): { readonly client: Client; readonly socket: Duplex; readonly ready: Promise<unknown> } {
  const ssh = new NodeSSH();
  const connecting = ssh.connect({
    sock: socket,
    username: host.user,
    algorithms: { ...ALGORITHMS, serverHostKey: [...hostKey.algorithms] as never },
    authHandler: authentication.handler(),
    hostVerifier: (key: Buffer, answer: (isRight: boolean) => void) => void verify(key).then(answer),
    // It would count the time that this side needs for other hosts.
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_INTERVAL_MS,
    keepaliveCountMax: KEEPALIVE_COUNT,
    ...(debug !== undefined && { debug }),
  });
  const client = ssh.connection;
  if (client === null) throw new TypeError('node-ssh made no client');
  // Without a listener, a connection reset would become an uncaught exception.
  client.on('error', () => undefined);
  const silence = silenceOf(socket, timeoutMs);
  const ready = Promise.race([connecting, silence.broken]).finally(() => silence.stop());
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
    await streamTo(approach),
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
