import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** An address of this machine's, or a socket that listens already, in a namespace of the lab's. */
export type Listen = { readonly host: string; readonly port: number } | NetServer;

export interface LabServer {
  readonly port: number;
  close(): Promise<void>;
}

/** An HTTP server that can be closed while clients keep their connections open. */
export async function serve(listen: Listen, onRequest: RequestListener): Promise<LabServer> {
  const server = createServer({ keepAliveTimeout: 60_000 }, onRequest);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(listen, resolve);
  await promise;
  return { port: (server.address() as AddressInfo | null)?.port ?? 0, close: () => close(server) };
}

/** The path of a request without its query; apt and slipway write `:` both as it is and as %3a. */
export function pathOf(request: IncomingMessage): string {
  return decodeURIComponent((request.url ?? '/').replace(/[?#].*/s, ''));
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
