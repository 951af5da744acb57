import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { TAR_END, tarHeader, tarPadding } from '#core/tar.ts';

export interface RegistryOptions {
  /** `bearer`: asks for a token of its own, `login`: the same, and only for this user; default: nobody is asked who he is. */
  readonly auth?: 'bearer' | { readonly login: string };
  /** Architectures that images are for; default: amd64 and arm64. */
  readonly architectures?: readonly string[];
  /** What it does before it answers; true where it has answered itself. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether it has an image; default: all. */
  readonly has?: (path: string) => boolean;
}

/** A stand-in for registries: it makes an image of whatever name it is asked for, always the same one. */
export class RegistryStandIn implements AsyncDisposable {
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #options: RegistryOptions;
  readonly #blobs = new Map<string, Buffer>();

  constructor(options: RegistryOptions = {}) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** Changes what is behind a digest. */
  spoil(digest: string, content: Buffer): void {
    this.#blobs.set(digest, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    this.requests.push(
      `${url.pathname}${url.search}${request.headers.range ? ` ${request.headers.range}` : ''}`,
    );
    if (this.#options.before?.(request, response) === true) return;
    if (url.pathname === '/token') return this.#giveToken(request, response);
    if (!this.#isKnown(request, response, url)) return;
    const [, path = '', kind, reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (kind === undefined || this.#options.has?.(path) === false) return void response.writeHead(404).end();
    this.#make(path, reference);
    const content = this.#blobs.get(reference.startsWith('sha256:') ? reference : `${path}:${reference}`);
    if (content === undefined) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': content.length - from,
      ...(kind === 'manifests' && { 'content-type': (JSON.parse(content.toString()) as Typed).mediaType }),
    });
    response.end(content.subarray(from));
  }

  #giveToken({ headers }: IncomingMessage, response: ServerResponse): void {
    const { auth } = this.#options;
    const wanted =
      typeof auth === 'object' ? `Basic ${Buffer.from(auth.login).toString('base64')}` : undefined;
    if (wanted !== undefined && headers.authorization !== wanted) return void response.writeHead(401).end();
    response.end(JSON.stringify({ token: 'a-token' }));
  }

  #isKnown({ headers }: IncomingMessage, response: ServerResponse, url: URL): boolean {
    if (this.#options.auth === undefined || headers.authorization === 'Bearer a-token') return true;
    const scope = `repository:${url.pathname.split('/').slice(2, -2).join('/')}:pull`;
    response
      .writeHead(401, {
        'www-authenticate': `Bearer realm="${this.url}/token",service="stand-in",scope="${scope}"`,
      })
      .end();
    return false;
  }

  #make(path: string, tag: string): void {
    if (tag.startsWith('sha256:') || this.#blobs.has(`${path}:${tag}`)) return;
    for (const [key, content] of standInImage(path, tag, this.#options.architectures))
      this.#blobs.set(key, content);
  }
}

/** An index of a manifest for each architecture, each with a layer that has one file: by digest, and by `PATH:TAG`. */
export function standInImage(
  path: string,
  tag: string,
  architectures: readonly string[] = ['amd64', 'arm64'],
): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  const keep = (mediaType: string, content: Buffer) => {
    const digest = `sha256:${sha256(content)}`;
    blobs.set(digest, content);
    return { mediaType, digest, size: content.length };
  };
  const manifests = architectures.map((architecture) => {
    const text = Buffer.from(`${path}:${tag} for ${architecture}\n`);
    const file = { path: 'image.txt', sizeBytes: text.length };
    const layer = Buffer.concat([tarHeader(file), text, tarPadding(text.length), TAR_END]);
    const config = Buffer.from(
      JSON.stringify({
        architecture,
        os: 'linux',
        config: { Cmd: ['/image.txt'] },
        rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
      }),
    );
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: keep('application/vnd.oci.image.config.v1+json', config),
        layers: [keep('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(layer))],
      }),
    );
    return {
      ...keep('application/vnd.oci.image.manifest.v1+json', manifest),
      platform: { os: 'linux', architecture },
    };
  });
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  keep(mediaType, index);
  blobs.set(`${path}:${tag}`, index);
  return blobs;
}

interface Typed {
  readonly mediaType: string;
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
