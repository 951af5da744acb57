import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { sh } from '#core/shell.ts';
import type { Connection } from '#core/transport.ts';

/** A port of this machine that leads to a port which a host can reach. */
export interface Tunnel {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Settles when the connection to the host is lost; from then on clients are refused. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 15_000;

export interface TunnelOptions {
  /** As the host reaches it. */
  readonly address: string;
  readonly port: number;
  /** Called with the reason when a client's connection is refused. */
  readonly onRefused?: (why: string) => void;
}

/** Opens a tunnel through a connection; each client gets a stream of its own. Only this machine reaches it. */
export async function openTunnel(connection: Connection, options: TunnelOptions): Promise<Tunnel> {
  const { address, port, onRefused = () => undefined } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    join(socket, connection.forward(address, port)).catch((error: unknown) => {
      onRefused(error instanceof Error ? error.message : String(error));
      socket.destroy();
    });
  });
  // Otherwise a connection that is cut while no client uses it would go unnoticed.
  const watch = await connection.hold(sh`echo open; cat >/dev/null`, 'open', HEARTBEAT_MS);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('the tunnel has no port');
  return {
    port: bound.port,
    lost: watch.ended,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, watch.release()]);
    },
  };
}

/** Connects two streams in both directions; each direction ends by itself, after all its data has arrived. */
async function join(socket: Socket, opening: Promise<Duplex>): Promise<void> {
  const stream = await opening;
  stream.on('error', () => socket.destroy());
  stream.once('close', () => socket.destroySoon());
  socket.once('close', () => stream.destroy());
  socket.pipe(stream).pipe(socket);
  socket.resume();
}
