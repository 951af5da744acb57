import type { Cluster } from '#core/cluster.ts';
import type { Listener } from '#core/event.ts';
import { Semaphore } from '#core/semaphore.ts';
import type { Connection, Looked, Observer, Transport } from '#core/transport.ts';
import type { Workflow } from '#core/workflow.ts';

import { Connections } from './connections.ts';
import { Looker } from './looker.ts';
import type { StepContext } from './take-steps.ts';

export interface SessionOptions {
  readonly cluster: Cluster;
  readonly workflow: Workflow;
  readonly transport: Transport;
  /** What looks at hosts gets of a connection: questions only. */
  readonly observe: (connection: Pick<Connection, 'host' | 'execute'>) => Observer;
  /** Fetches what steps stream to hosts, as base64. */
  readonly fetchFile: StepContext['fetchFile'];
  /** Reads pieces of the bundle that steps stream to hosts; absent where there is none. */
  readonly openPiece?: StepContext['openPiece'];
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Hosts connected to or worked on at the same time. */
  readonly concurrency: number;
  /** Runs programs on the machine that slipway runs on; absent where none is to be run. */
  readonly controller?: Looked | undefined;
  /** Who holds the hosts' locks while they may be changed; absent where they are only looked at. */
  readonly holder?: string | undefined;
}

/** The open connections to the hosts of a cluster, shared by all that is done with it until they are closed. */
export class Session {
  readonly options: SessionOptions;
  readonly connections: Connections;
  /** A place for each host that may be asked or worked on at the same time. */
  readonly slots: Semaphore;
  readonly looker: Looker;

  constructor(options: SessionOptions) {
    this.options = options;
    this.connections = new Connections(options);
    this.slots = new Semaphore(options.concurrency);
    this.looker = new Looker({ ...options, connections: this.connections, slots: this.slots });
  }

  async close(): Promise<void> {
    await this.connections.close();
  }
}
