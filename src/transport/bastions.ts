import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

import type { Login } from '#core/cluster.ts';

import type { SshLauncher } from './ssh-launcher.ts';
import { ConnectionCut, unreachable } from './unreachable.ts';

/** A connection that is open, or on its way, and for how many hosts. */
interface Shared {
  readonly connection: Promise<SshLauncher>;
  users: number;
}

/** Connections to bastions: one for all hosts behind it, for as long as there is one of them. */
export class Bastions {
  readonly #connect: (bastion: Login) => Promise<SshLauncher>;
  readonly #shared = new Map<string, Shared>();

  /** @param connect logs in to a bastion, through those before it. */
  constructor(connect: (bastion: Login) => Promise<SshLauncher>) {
    this.#connect = connect;
  }

  /**
   * Opens a stream to the SSH server of a host behind bastions, as the last of them reaches it.
   *
   * @throws {SlipwayError} when a bastion cannot be logged in to, or opens no way.
   */
  async reach(host: Login, bastions: readonly Login[], timeoutMs: number): Promise<Duplex> {
    const [bastion, before] = [bastions.at(-1)!, bastions.slice(0, -1)];
    const { connection, leave } = await this.#enter(host, {
      ...bastion,
      ...(before.length > 0 && { bastions: before }),
    });
    try {
      const stream = await opened(connection, host, bastion, timeoutMs);
      stream.once('close', leave);
      return stream;
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #enter(host: Login, bastion: Login): Promise<{ connection: SshLauncher; leave: () => void }> {
    const key = keyOf(bastion);
    const shared = this.#shared.get(key) ?? { connection: this.#connect(bastion), users: 0 };
    this.#shared.set(key, shared);
    shared.users += 1;
    const forget = (): void => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    };
    try {
      const connection = await shared.connection;
      void connection.closed.then(forget);
      const leave = (): void => {
        shared.users -= 1;
        if (shared.users > 0) return;
        forget();
        void connection.close();
      };
      return { connection, leave };
    } catch (error) {
      forget();
      throw behind(host, bastion, error);
    }
  }
}

/** The same bastion by another name is another one. */
const keyOf = ({ user, address, port, identityFile, bastions = [] }: Login): string =>
  JSON.stringify([user, address, port, identityFile, bastions.map(keyOf)]);

/** A host that does not answer is given up as early as one that is reached directly. */
async function opened(
  connection: SshLauncher,
  host: Login,
  bastion: Login,
  timeoutMs: number,
): Promise<Duplex> {
  const way = connection.forward(host.address, host.port);
  const patience = new AbortController();
  const late = pause(timeoutMs, undefined, { signal: patience.signal });
  late.catch(() => undefined);
  try {
    const stream = await Promise.race([way, late]);
    if (stream !== undefined) return stream;
  } catch (error) {
    if (connection.lostBecause !== undefined) {
      const why = `the connection to its bastion ${bastion.name} was lost: ${connection.lostBecause}`;
      throw unreachable(host, why, 'try again', { cause: error, passes: ConnectionCut });
    }
    const said = (error as Error).message.replace(/^Channel open failure: /, '');
    throw unreachable(host, `its bastion ${bastion.name} opens no way to it: ${said}`, HINT, {
      cause: error,
    });
  } finally {
    patience.abort();
  }
  way.then(
    (stream) => stream.destroy(),
    () => undefined,
  );
  const seconds = timeoutMs / 1000;
  throw unreachable(host, `its bastion ${bastion.name} got no answer from it within ${seconds} s`, HINT);
}

const HINT =
  'is the machine up, does the bastion reach this address and port, and does its sshd_config have AllowTcpForwarding yes or local';

/** What is wrong with a bastion, as each host behind it tells it. */
function behind(host: Login, bastion: Login, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { hint } = error as { readonly hint?: string };
  const passes = error instanceof ConnectionCut ? (error.constructor as typeof ConnectionCut) : undefined;
  const why = `it is behind the bastion ${bastion.name}: ${error.message}`;
  return unreachable(host, why, hint ?? 'see the bastion', { cause: error, ...(passes && { passes }) });
}
