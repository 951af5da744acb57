import type { Cluster, Host } from '#core/cluster.ts';
import type { Listener } from '#core/event.ts';
import { CONTROLLER } from '#core/fact.ts';
import { COMING_UP_PAUSES_MS, retry } from '#core/retry.ts';
import type { Connection, Held, Looked, Transport } from '#core/transport.ts';

import { behindLock, lockHost, lockToken } from './host-lock.ts';

export interface ConnectionsOptions {
  readonly cluster: Cluster;
  readonly transport: Transport;
  readonly listener: Listener;
  /** An interrupted run does not reopen a lost connection. */
  readonly signal: AbortSignal;
  /** Who takes the hosts' locks; absent: nobody does. */
  readonly holder?: string | undefined;
  /** The machine that slipway runs on; absent: nothing is to be run there. */
  readonly controller?: Looked | undefined;
}

interface Opening {
  /** Resolves after the login. The lock may not be held yet: programs that are run through this wait for it on the host. */
  readonly guarded: Promise<Looked>;
  /** Resolves when its lock is held too, where there is one to take. */
  readonly ready: Promise<Connection>;
  hasArrived: boolean;
}

/** The open connections of a run: at most one a host, opened when first needed and locked when it may change things. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #open = new Map<string, Opening>();
  readonly #locks = new Map<string, Held>();
  #executionsBefore = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#hosts = new Map(
      [...options.cluster.hosts, ...options.cluster.leaving].map((host) => [host.name, host]),
    );
  }

  /** The machine that slipway runs on. Nobody locks it. */
  get controller(): Looked {
    const { controller } = this.#options;
    if (controller === undefined) throw new TypeError('nothing is to be run on the controller');
    return controller;
  }

  /** A way to look at a host, or at the controller. */
  async lookable(name: string): Promise<Looked> {
    return name === CONTROLLER ? this.controller : this.to(name);
  }

  /** The connection to a host, opened if there is none. */
  async to(name: string): Promise<Connection> {
    return this.#opening(name).ready;
  }

  /**
   * Looks at a host at the first moment that may be: the look is sent along with the lock, and the host lets it
   * begin once the lock is held. That saves the round trips of asking for one after the other.
   */
  async look<T>(name: string, look: (connection: Looked) => Promise<T>): Promise<T> {
    if (name === CONTROLLER) return look(this.controller);
    const { guarded, ready } = this.#opening(name);
    const looking = look(await (this.#locks.has(name) ? ready : guarded));
    // Where the lock cannot be taken, the look fails too; the error of the lock is the one to report.
    looking.catch(() => undefined);
    await ready;
    return looking;
  }

  /** Closes the connection to a host that has answered. */
  async letGo(name: string): Promise<void> {
    const open = this.#open.get(name);
    this.#open.delete(name);
    const connection = await open?.ready.catch(() => undefined);
    this.#executionsBefore += connection?.executions ?? 0;
    const lock = this.#locks.get(name);
    this.#locks.delete(name);
    await lock?.release().catch(() => undefined);
    await connection?.close();
  }

  /**
   * A new connection in place of one that was lost, tried with growing pauses: a host that restarts its
   * network or its sshd is back in seconds. Nodes that lost the same connection share the new one.
   */
  async reconnect(
    name: string,
    onRetry: (why: string, pauseMs: number, attempt: number) => void,
  ): Promise<Connection> {
    const { signal } = this.#options;
    const lost = this.#open.get(name);
    const connection = await lost?.ready.catch(() => undefined);
    if (connection?.isOpen === true) return connection;
    if (lost !== undefined && this.#open.get(name) === lost) await this.letGo(name);
    const connect = async (): Promise<Connection> => {
      signal.throwIfAborted();
      const opening = this.#opening(name);
      try {
        return await opening.ready;
      } catch (error) {
        if (this.#open.get(name) === opening) this.#open.delete(name);
        throw error;
      }
    };
    return retry(connect, {
      after: Error,
      pauseMs: (attempt) => {
        signal.throwIfAborted();
        return COMING_UP_PAUSES_MS[attempt - 1];
      },
      onRetry: ({ message }, pauseMs, attempt) => onRetry(message, pauseMs, attempt),
      signal,
    });
  }

  /** Programs run over all connections so far. */
  async executions(): Promise<number> {
    const open = await Promise.all(
      [...this.#open.values()].map(
        async ({ ready }) => (await ready.catch(() => undefined))?.executions ?? 0,
      ),
    );
    return open.reduce((sum, count) => sum + count, this.#executionsBefore);
  }

  /** When the work was interrupted, a host that has not answered yet is not waited for. */
  async close(): Promise<void> {
    const { aborted } = this.#options.signal;
    const arrived = [...this.#open].filter(([, { hasArrived }]) => hasArrived || !aborted);
    await Promise.all(arrived.map(([name]) => this.letGo(name)));
  }

  #opening(name: string): Opening {
    const opening = this.#open.get(name) ?? this.#connect(name);
    this.#open.set(name, opening);
    return opening;
  }

  #connect(name: string): Opening {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new TypeError(`no host ${name} in the cluster`);
    const { transport, listener, holder } = this.#options;
    listener({ event: 'connecting', host: name });
    const token = lockToken();
    const arrived = transport.connect(host);
    const guarded =
      holder === undefined ? arrived : arrived.then((connection) => behindLock(connection, token));
    const ready = arrived.then(async (connection) => {
      try {
        if (holder !== undefined) this.#locks.set(name, await lockHost(connection, { holder, token }));
      } catch (error) {
        await connection.close();
        throw error;
      }
      listener({ event: 'connected', host: name });
      return connection;
    });
    for (const promise of [guarded, ready]) promise.catch(() => undefined);
    const opening = { guarded, ready, hasArrived: false };
    void guarded.then(
      () => (opening.hasArrived = true),
      () => undefined,
    );
    return opening;
  }
}
