import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BlobStore } from '#bundle/blob-store.ts';
import { pullImage } from '#bundle/pull-image.ts';
import { Registries } from '#bundle/registry.ts';
import type { RunEvent } from '#core/event.ts';
import type { Registry } from '#core/runtime.ts';
import { Secret } from '#core/secret.ts';

import { RegistryStandIn, type RegistryOptions } from '../../support/registry-stand-in.ts';

describe('image of a registry', () => {
  let directory: string;
  const open: RegistryStandIn[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-pull-'));
  });
  afterEach(async () => {
    rmSync(directory, { recursive: true });
    for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
  });

  const started = async (options?: RegistryOptions): Promise<RegistryStandIn> => {
    const registry = await new RegistryStandIn(options).listen();
    open.push(registry);
    return registry;
  };
  const store = () => new BlobStore(directory);
  const pull = (
    name: string,
    {
      registries = [],
      architectures = ['amd64'],
      events = [],
    }: {
      readonly registries?: readonly Registry[];
      readonly architectures?: readonly string[];
      readonly events?: RunEvent[];
    } = {},
  ) =>
    pullImage(name, {
      store: store(),
      architectures,
      on: 'all',
      registries: new Registries({
        registries,
        certificates: new Map(),
        listener: (event) => events.push(event),
        signal: new AbortController().signal,
        pausesMs: [1, 1],
      }),
    });
  it('is kept byte for byte, with what one architecture needs', async () => {
    const { host } = await started();
    const image = await pull(`${host}/some/image:v1`);
    expect(image.name).toBe(`${host}/some/image:v1`);
    expect(image.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    // The index, the manifest of amd64, its configuration, its layer.
    expect(image.blobs).toHaveLength(4);
    expect(image.blobs).toContainEqual(image.root);
    expect(readdirSync(join(directory, 'sha256')).toSorted()).toEqual(
      image.blobs.map(({ sha256 }) => sha256),
    );
    expect((await pull(`${host}/some/image:v1`, { architectures: ['amd64', 'arm64'] })).blobs).toHaveLength(
      7,
    );
  });

  it('of a digest is the same as by its tag, and another one is refused', async () => {
    const registry = await started();
    const { root } = await pull(`${registry.host}/a:v1`);
    const byDigest = await pull(`${registry.host}/a:v1@sha256:${root.sha256}`);
    expect(byDigest.root).toEqual(root);
    expect(byDigest.name).toBe(`${registry.host}/a@sha256:${root.sha256}`);
    registry.spoil(`sha256:${root.sha256}`, Buffer.from('{"mediaType":"x"}'));
    await expect(pull(`${registry.host}/a@sha256:${root.sha256}`)).rejects.toThrow('has the sha256');
  });

  it('is not fetched again where its pieces are there, and a spoilt one is', async () => {
    const registry = await started();
    await pull(`${registry.host}/a:v1`);
    const layer = registry.requests.at(-1)!;
    registry.requests.length = 0;
    await pull(`${registry.host}/a:v1`);
    expect(registry.requests).toEqual(['/v2/a/manifests/v1']);
    truncateSync(join(directory, 'sha256', layer.split(':').at(-1)!), 3);
    await pull(`${registry.host}/a:v1`);
    expect(registry.requests.slice(1)).toEqual(['/v2/a/manifests/v1', layer]);
  });

  it('that is cut off is gone on with where it ended', async () => {
    let cuts = 0;
    const registry = await started({
      before: ({ url, headers }, response) => {
        if (!url!.includes('/blobs/') || headers.range !== undefined || cuts > 0) return false;
        cuts += 1;
        response.writeHead(200, { 'content-length': 1000 });
        // What is asked for first is a configuration, which begins so.
        response.write('{');
        setTimeout(() => response.socket?.end(), 200);
        return true;
      },
    });
    await pull(`${registry.host}/a:v1`);
    expect(registry.requests.some((one) => one.endsWith('bytes=1-'))).toBe(true);
  });

  it.each([
    ['with a token for nobody in particular', 'bearer' as const, undefined],
    ['with a token for a login', { login: 'me:secret' }, 'me:secret'],
  ])('is had %s', async (_, auth, login) => {
    const registry = await started({ auth });
    const registries: Registry[] = [
      {
        host: 'private.lan',
        mirrors: [],
        endpoint: {
          url: registry.url,
          skipVerify: false,
          ...(login !== undefined && {
            login: { secret: 'x', basic: new Secret(Buffer.from(login).toString('base64')) },
          }),
        },
      },
    ];
    const { blobs } = await pull('private.lan/a:v1', { registries });
    expect(blobs).toHaveLength(4);
    expect(registry.requests.filter((one) => one.startsWith('/token'))).toHaveLength(1);
  });

  it('without the login that is wanted is refused in words', async () => {
    const registry = await started({ auth: { login: 'me:secret' } });
    await expect(pull(`${registry.host}/a:v1`)).rejects.toThrow(
      `cannot fetch the image ${registry.host}/a:v1: ${registry.url}: HTTP 401 Unauthorized`,
    );
  });

  it('comes from the first mirror that has it, which is told whose it is', async () => {
    const [empty, full] = [await started({ has: () => false }), await started()];
    await pull('quay.io/calico/node:v1', { registries: [mirrorOf('quay.io', empty.url, full.url)] });
    expect(empty.requests).toContain('/v2/calico/node/manifests/v1?ns=quay.io');
    expect(full.requests).toContain('/v2/calico/node/manifests/v1?ns=quay.io');
  });

  it('is asked for again after a fault that passes', async () => {
    let left = 2;
    const registry = await started({
      before: (_, response) => {
        if (left === 0) return false;
        left -= 1;
        response.writeHead(left === 1 ? 503 : 429, { 'retry-after': '0' }).end();
        return true;
      },
    });
    const events: RunEvent[] = [];
    await pull(`${registry.host}/a:v1`, { events });
    expect(events.map((event) => ('why' in event ? event.why : event.event))).toEqual([
      'HTTP 503 Service Unavailable',
      'HTTP 429 Too Many Requests',
    ]);
  });

  it('that is not there for an architecture says for which it is', async () => {
    const { host } = await started({ architectures: ['amd64'] });
    await expect(pull(`${host}/a:v1`, { architectures: ['arm64'] })).rejects.toThrow(
      `the image ${host}/a:v1 is not there for arm64, but for amd64`,
    );
  });
});

const mirrorOf = (host: string, ...urls: readonly string[]): Registry => ({
  host,
  endpoint: { url: `https://${host}`, skipVerify: false },
  mirrors: urls.map((url) => ({ url, skipVerify: false })),
});
