import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import { clientOf, type Faults } from './faults.ts';
import { forward } from './forward.ts';
import { type LabServer, type Listen, pathOf, serve } from './lab-server.ts';

/** Where the Kubernetes packages come from: a directory, or a server that this machine reaches. */
export type PackageSource = { readonly directory: string } | { readonly url: string };

export interface WebRequest {
  readonly client: string;
  readonly method: string;
  readonly path: string;
  status: number;
}

/** The lab's web server as a test sees it. */
export class LabWeb {
  readonly url: string;
  readonly faults: Faults;
  /** Every request so far, in order of arrival; `status` is 0 until it is answered. */
  readonly requests: WebRequest[] = [];
  readonly #files = new Map<string, string | Buffer>();

  constructor(url: string, faults: Faults) {
    this.url = url;
    this.faults = faults;
  }

  /** Serves `content` at `path` (which starts with a slash), before anything the repository has there. Returns its URL. */
  serve(path: string, content: string | Buffer): string {
    this.#files.set(path, content);
    return this.url + path;
  }

  fileAt(path: string): string | Buffer | undefined {
    return this.#files.get(path);
  }

  /** See {@link Faults.fail}. */
  fail(...options: Parameters<Faults['fail']>): void {
    this.faults.fail(...options);
  }
}

/** Serves a test's own files and the Kubernetes repository, with whatever faults are planted. */
export async function serveWeb(listen: Listen, web: LabWeb, source: PackageSource): Promise<LabServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const entry = {
      client: clientOf(request),
      method: request.method ?? '',
      path: request.url ?? '',
      status: 0,
    };
    web.requests.push(entry);
    response.on('close', () => (entry.status = response.headersSent ? response.statusCode : 0));
    if (await web.faults.happen(request, response)) return;
    const file = web.fileAt(pathOf(request));
    if (file !== undefined) {
      response.writeHead(200, { 'content-length': Buffer.byteLength(file) }).end(file);
    } else if ('url' in source) {
      await forward(request, response, new URL(source.url.replace(/\/$/, '') + request.url));
    } else {
      await sendFile(request, response, source.directory);
    }
  };
  return await serve(listen, (request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
}

async function sendFile(request: IncomingMessage, response: ServerResponse, root: string): Promise<void> {
  const path = join(root, normalize(`/${pathOf(request)}`));
  const status = await stat(path).catch(() => undefined);
  if (status === undefined || !status.isFile()) return void response.writeHead(404).end('not found\n');
  const lastModified = status.mtime.toUTCString();
  if (request.headers['if-modified-since'] === lastModified) return void response.writeHead(304).end();
  response.writeHead(200, { 'content-length': status.size, 'last-modified': lastModified });
  if (request.method === 'HEAD') return void response.end();
  createReadStream(path).pipe(response);
}
