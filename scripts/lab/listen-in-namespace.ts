import { spawn } from 'node:child_process';
import type { Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { LabError } from './lab-error.ts';
import { inNamespace } from './network.ts';
import { labEnvironment } from './run.ts';

const listener = fileURLToPath(new URL('namespace-listener.ts', import.meta.url));

/**
 * TCP sockets that listen in a network namespace while what is behind them runs in this process, outside.
 *
 * A socket stays in the namespace it was made in, so a child that entered the namespace makes them and
 * sends them here. The hosts thereby reach our servers, and have no way to anything else of the machine's.
 */
export async function listenInNamespace(
  namespace: string,
  host: string,
  ports: readonly number[],
): Promise<Server[]> {
  const argv = inNamespace(namespace, [process.execPath, listener, host, ...ports.map(String)]);
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: labEnvironment,
  });
  const servers: Server[] = [];
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.on('message', (_, handle) => servers.push(handle as Server));
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('error', (error) => ((complaint += error.message), resolve()));
  child.once('close', () => resolve());
  await promise;
  if (servers.length === ports.length) return servers;
  for (const server of servers) server.close();
  throw new LabError(`cannot listen on ${host} in ${namespace}: ${complaint.trim()}`);
}
