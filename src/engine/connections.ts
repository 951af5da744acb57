import type { Cluster, Host } from '#core/cluster.ts';
import type { Listener } from '#core/event.ts';
import type { Connection, Held, Transport } from '#core/transport.ts';

import { lockHost } from './host-lock.ts';

const RECONNECT_PAUSES_MS = [1000, 3000, 8000, 15_000, 30_000];

export interface ConnectionsOptions {
  readonly cluster: Cluster;
  readonly transport: Transport;
  readonly listener: Listener;
  /** Who takes the hosts' locks; absent: nobody does. */
  readonly holder?: string | undefined;
}

/** The open connections of a run: at most one a host, opened when first needed and locked when it may change things. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #open = new Map<string, Promise<Connection>>();
  readonly #locks = new Map<string, Held>();
  #executionsBefore = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#hosts = new Map(options.cluster.hosts.map((host) => [host.name, host]));
  }

  /** The connection to a host, opened if there is none. */
  async to(name: string): Promise<Connection> {
    const open = this.#open.get(name) ?? this.#connect(name);
    this.#open.set(name, open);
    return open;
  }

  /**
   * A new connection in place of one that was lost, tried with growing pauses: a host that restarts its
   * network or its sshd is back in seconds.
   */
  async reconnect(
    name: string,
    said: (why: string, pauseMs: number, attempt: number) => void,
  ): Promise<Connection> {
    await this.#drop(name);
    for (const [index, pauseMs] of RECONNECT_PAUSES_MS.entries()) {
      try {
        return await this.to(name);
      } catch (error) {
        this.#open.delete(name);
        said(error instanceof Error ? error.message : String(error), pauseMs, index + 2);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    return this.to(name);
  }

  /** Programs run over all connections so far. */
  async executions(): Promise<number> {
    const open = await Promise.all(
      [...this.#open.values()].map(async (connection) => (await connection).executions),
    );
    return open.reduce((sum, count) => sum + count, this.#executionsBefore);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((name) => this.#drop(name)));
  }

  async #connect(name: string): Promise<Connection> {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new TypeError(`no host ${name} in the cluster`);
    const { transport, listener, holder } = this.#options;
    listener({ event: 'connecting', host: name });
    const connection = await transport.connect(host);
    try {
      if (holder !== undefined) this.#locks.set(name, await lockHost(connection, holder));
    } catch (error) {
      await connection.close();
      throw error;
    }
    listener({ event: 'connected', host: name });
    return connection;
  }

  async #drop(name: string): Promise<void> {
    const open = this.#open.get(name);
    this.#open.delete(name);
    const connection = await open?.catch(() => undefined);
    this.#executionsBefore += connection?.executions ?? 0;
    await this.#locks
      .get(name)
      ?.release()
      .catch(() => undefined);
    this.#locks.delete(name);
    await connection?.close();
  }
}
