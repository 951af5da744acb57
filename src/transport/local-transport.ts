import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Host } from '#core/cluster.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import type { Connection, Transport } from '#core/transport.ts';

import { type Launcher, type Program, follow } from './program.ts';
import { type Patience, ShellConnection } from './shell-connection.ts';

interface LocalTransportOptions extends Patience {
  /** The environment programs start from; default: this process's. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** This machine itself instead of a host elsewhere, whatever the host's address says. */
export const localTransport = ({ environment, ...patience }: LocalTransportOptions = {}): Transport => ({
  connect: (host: Host): Promise<Connection> =>
    Promise.resolve(new ShellConnection(host, new LocalLauncher(host.name, environment), patience)),
});

class LocalLauncher implements Launcher {
  readonly #host: string;
  readonly #environment: LocalTransportOptions['environment'];
  readonly #running = new Set<ChildProcess>();
  lostBecause: string | undefined;

  constructor(host: string, environment: LocalTransportOptions['environment']) {
    this.#host = host;
    this.#environment = environment;
  }

  launch(commandLine: string): Promise<Program> {
    if (this.lostBecause !== undefined) {
      return Promise.reject(new ConnectionLost(this.#host, this.lostBecause));
    }
    const child = spawn('/bin/sh', ['-c', commandLine], {
      ...(this.#environment && { env: this.#environment }),
      stdio: 'pipe',
    });
    const { stdin, stdout, stderr } = child;
    const { ended, lingerNoLonger } = follow(child, [stdout, stderr], () => this.lostBecause);
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    const abandon = (): void => {
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
      lingerNoLonger();
    };
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve({ stdin, stdout, stderr, ended, abandon }));
    });
  }

  forward(address: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: address, port }, () => resolve(socket));
      socket.once('error', reject);
    });
  }

  /** Closes the input of what still runs, as a connection that ends would. */
  close(): Promise<void> {
    this.lostBecause = 'it was closed';
    for (const child of this.#running) {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    }
    return Promise.resolve();
  }
}
