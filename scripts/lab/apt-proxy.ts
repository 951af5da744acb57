import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { DebianMirror } from './debian-mirror.ts';
import { Faults } from './faults.ts';
import { forward } from './forward.ts';
import { cacheDirectory } from './lab-paths.ts';
import { type LabServer, type Listen, serve } from './lab-server.ts';

/**
 * The way out of a lab, for Debian's packages only: an HTTP proxy that passes nothing but GETs below the
 * machine's own mirror, and keeps what never changes (packages, index files by their hash).
 */
export async function serveAptProxy(options: {
  readonly mirror: DebianMirror;
  readonly listen: Listen;
  readonly faults?: Faults;
}): Promise<LabServer> {
  const cache = join(cacheDirectory(), 'packages');
  await mkdir(cache, { recursive: true });
  const sites = [options.mirror.archive, options.mirror.security].filter((site) => site !== undefined);
  const faults = options.faults ?? new Faults();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = mirrorUrl(request, sites);
    if (url === undefined) response.writeHead(403, "not this machine's Debian mirror").end();
    else if (!(await faults.happen(request, response))) await pass(request, response, url, cache);
  };
  return await serve(options.listen, (request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
}

/** The mirror's URL that a request asks for; undefined when it is not one. */
function mirrorUrl(request: IncomingMessage, sites: readonly URL[]): URL | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const asked = URL.parse(request.url ?? '');
  if (asked === null || asked.protocol !== 'http:' || asked.username !== '') return undefined;
  const site = sites.find(
    ({ hostname, pathname }) =>
      hostname === asked.hostname && asked.pathname.startsWith(`${pathname.replace(/\/$/, '')}/`),
  );
  if (site === undefined) return undefined;
  return new URL(asked.pathname + asked.search, site);
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  cache: string,
): Promise<void> {
  const isForever = /\.u?deb$|\/by-hash\//.test(url.pathname);
  if (!isForever) return await forward(request, response, url);
  const kept = join(cache, createHash('sha256').update(url.href).digest('hex'));
  const isWholeGet = request.method === 'GET' && request.headers.range === undefined;
  const file = isWholeGet ? await stat(kept).catch(() => undefined) : undefined;
  if (file === undefined) return await forward(request, response, url, kept);
  response.writeHead(200, { 'content-length': file.size });
  createReadStream(kept).pipe(response);
}
