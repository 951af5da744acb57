import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Connection } from '#core/transport.ts';

/** A port of this machine behind which lies one that a host reaches. */
export interface Tunnel {
  /** On 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

export interface TunnelOptions {
  /** As the host reaches it. */
  readonly address: string;
  readonly port: number;
  /** On this machine; default: any that is free. */
  readonly localPort?: number | undefined;
  /** Told why a client was turned away. */
  readonly onRefused?: (why: string) => void;
}

/** Opens a tunnel through a connection; each client gets a stream of its own. Only this machine reaches it. */
export async function openTunnel(connection: Connection, options: TunnelOptions): Promise<Tunnel> {
  const { address, port, localPort = 0, onRefused = () => undefined } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    join(socket, connection.forward(address, port)).catch((error: unknown) => {
      onRefused(error instanceof Error ? error.message : String(error));
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(localPort, '127.0.0.1', resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('the tunnel has no port');
  return {
    port: bound.port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Lets two streams flow into each other until one of them ends. */
async function join(socket: Socket, opening: Promise<Duplex>): Promise<void> {
  const stream = await opening;
  stream.on('error', () => socket.destroy());
  stream.once('close', () => socket.destroy());
  socket.once('close', () => stream.destroy());
  socket.pipe(stream).pipe(socket);
  socket.resume();
}
