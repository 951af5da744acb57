import type { IncomingMessage } from 'node:http';

import type { Listener } from '#core/event.ts';
import { retry } from '#core/retry.ts';
import { endpointsOf, type Registry, type RegistryEndpoint } from '#core/runtime.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { bodyOf, httpGet, type HttpTrust } from './http-get.ts';
import type { ImageName } from './image-name.ts';

/**
 * What a manifest may be.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md
 * @see https://distribution.github.io/distribution/spec/manifest-v2-2/
 */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;
const TOKEN_LIMIT_BYTES = 1024 * 1024;
const SILENCE_MS = 60_000;
const PAUSES_MS = [1000, 3000, 8000];
/** A registry that asks for more patience is left alone for no longer than this. */
const LONGEST_PAUSE_MS = 60_000;

export interface RegistriesOptions {
  readonly registries: readonly Registry[];
  /** Certificates of authorities, by the path that the inventory names. */
  readonly certificates: ReadonlyMap<string, string>;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  readonly pausesMs?: readonly number[];
}

export interface FetchedManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

interface Place {
  /** Without `/v2`. */
  readonly base: string;
  readonly endpoint: RegistryEndpoint | undefined;
  /** The registry that a mirror stands for. */
  readonly standsFor: string | undefined;
}

/**
 * The registries of images, as the inventory has hosts reach them: mirrors first, with their authorities and logins.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export class Registries {
  readonly #options: RegistriesOptions;
  /** By the place and what is asked for there: what to say who one is. */
  readonly #authorizations = new Map<string, string>();

  constructor(options: RegistriesOptions) {
    this.#options = options;
  }

  async manifest(image: ImageName, reference = image.reference): Promise<FetchedManifest> {
    return this.#anywhere(image, async (place) => {
      const response = await this.#get(place, image, `manifests/${reference}`, {
        accept: MANIFEST_TYPES.join(', '),
      });
      const bytes = await bodyOf(response, MANIFEST_LIMIT_BYTES);
      return { bytes, mediaType: mediaTypeOf(bytes, response.headers['content-type']) };
    });
  }

  /** A layer or a configuration, from some byte on. */
  async blob(
    image: ImageName,
    digest: string,
    from: number,
  ): Promise<{ readonly from: number; readonly bytes: AsyncIterable<Uint8Array> }> {
    return this.#anywhere(image, async (place) => {
      const range = from === 0 ? {} : { range: `bytes=${from}-` };
      const response = await this.#get(place, image, `blobs/${digest}`, range);
      return { from: response.statusCode === 206 ? from : 0, bytes: response as AsyncIterable<Buffer> };
    });
  }

  /** Asks each place in turn; what the last one says is told. */
  async #anywhere<T>(image: ImageName, ask: (place: Place) => Promise<T>): Promise<T> {
    const faults: string[] = [];
    for (const place of this.#placesOf(image)) {
      try {
        return await this.#patiently(image, () => ask(place));
      } catch (error) {
        this.#options.signal.throwIfAborted();
        faults.push(`${place.base}: ${reasonOf(error)}`);
      }
    }
    throw new SlipwayError(`cannot fetch the image ${image.text}: ${faults.join('; ')}`, {
      code: 'image-unreachable',
      hint: 'is its name right, and does this machine reach its registry? A mirror, an authority or a login is given under registries in the inventory',
    });
  }

  #patiently<T>(image: ImageName, ask: () => Promise<T>): Promise<T> {
    const { listener, signal, pausesMs = PAUSES_MS } = this.#options;
    return retry(ask, {
      after: PassingFault,
      pauseMs: (attempt, { afterMs }) => {
        const pauseMs = pausesMs[attempt - 1];
        return pauseMs === undefined ? undefined : Math.max(pauseMs, Math.min(afterMs, LONGEST_PAUSE_MS));
      },
      onRetry: ({ message }, pauseMs, attempt) =>
        listener({ event: 'fetch-retried', location: image.text, why: message, pauseMs, attempt }),
      signal,
    });
  }

  #placesOf({ host }: ImageName): readonly Place[] {
    const known = this.#options.registries.find((one) => one.host === host);
    if (known === undefined) return [{ base: defaultBase(host), endpoint: undefined, standsFor: undefined }];
    return endpointsOf(known).map((endpoint) => ({
      base: endpoint === known.endpoint && host === 'docker.io' ? defaultBase(host) : endpoint.url,
      endpoint,
      standsFor: endpoint === known.endpoint ? undefined : host,
    }));
  }

  async #get(
    place: Place,
    image: ImageName,
    what: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<IncomingMessage> {
    const query = place.standsFor === undefined ? '' : `?ns=${encodeURIComponent(place.standsFor)}`;
    const url = `${place.base}/v2/${image.path}/${what}${query}`;
    const key = `${place.base} ${image.path}`;
    const response = await this.#ask(url, place, { ...headers, ...this.#authorization(key) });
    if (response.statusCode !== 401) return answered(response);
    response.resume();
    const authorization = await this.#authorize(response.headers['www-authenticate'] ?? '', place, image);
    if (authorization === undefined) throw new Error('HTTP 401 Unauthorized');
    this.#authorizations.set(key, authorization);
    return answered(await this.#ask(url, place, { ...headers, authorization }));
  }

  #authorization(key: string): Readonly<Record<string, string>> {
    const known = this.#authorizations.get(key);
    return known === undefined ? {} : { authorization: known };
  }

  /**
   * Answers a registry that wants to know who asks: with the login, or with a token that its own service gives, also to
   * nobody in particular.
   *
   * @see https://distribution.github.io/distribution/spec/auth/token/
   */
  async #authorize(challenge: string, place: Place, image: ImageName): Promise<string | undefined> {
    const login = place.endpoint?.login;
    const basic = login === undefined ? undefined : `Basic ${login.basic.reveal()}`;
    if (!/^bearer /i.test(challenge)) return basic;
    const fields = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const realm = fields.get('realm');
    if (realm === undefined) return undefined;
    const url = new URL(realm);
    const service = fields.get('service');
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', fields.get('scope') ?? `repository:${image.path}:pull`);
    const response = await this.#ask(url.href, place, basic === undefined ? {} : { authorization: basic });
    const said = JSON.parse((await bodyOf(answered(response), TOKEN_LIMIT_BYTES)).toString('utf8')) as {
      readonly token?: string;
      readonly access_token?: string;
    };
    const token = said.token ?? said.access_token;
    return token === undefined ? undefined : `Bearer ${token}`;
  }

  async #ask(
    url: string,
    { endpoint }: Place,
    headers: Readonly<Record<string, string>>,
  ): Promise<IncomingMessage> {
    const { signal, certificates } = this.#options;
    const ca = endpoint?.caFile === undefined ? undefined : certificates.get(endpoint.caFile);
    const trust: HttpTrust = { ca, skipVerify: endpoint?.skipVerify };
    try {
      return await httpGet(url, { ...trust, headers, signal, silenceMs: SILENCE_MS });
    } catch (error) {
      signal.throwIfAborted();
      throw new PassingFault(reasonOf(error));
    }
  }
}

/** Asking again may get another answer. */
class PassingFault extends Error {
  readonly afterMs: number;

  constructor(message: string, afterMs = 0) {
    super(message);
    this.afterMs = afterMs;
  }
}

function answered(response: IncomingMessage): IncomingMessage {
  const { statusCode = 0, statusMessage = '', headers } = response;
  if (statusCode === 200 || statusCode === 206) return response;
  response.resume();
  const text = `HTTP ${statusCode} ${statusMessage}`.trim();
  if (statusCode < 500 && statusCode !== 429) throw new Error(text);
  const seconds = Number(headers['retry-after']);
  throw new PassingFault(text, Number.isFinite(seconds) ? seconds * 1000 : 0);
}

/** A machine that stands in for a registry on this one has no certificate. */
function defaultBase(host: string): string {
  if (host === 'docker.io') return 'https://registry-1.docker.io';
  return `${/^(?:localhost|127\.)/.test(host) ? 'http' : 'https'}://${host}`;
}

function mediaTypeOf(bytes: Buffer, header: string | undefined): string {
  const said = JSON.parse(bytes.toString('utf8')) as { readonly mediaType?: string };
  return said.mediaType ?? header?.split(';')[0]?.trim() ?? MANIFEST_TYPES[1];
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return error.message === '' ? (code ?? error.name) : error.message;
};
