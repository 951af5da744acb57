import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openBundle, verifyBundle } from '#bundle/open-bundle.ts';
import { openSlipway } from '#slipway.ts';

import { TEST_KEY, TEST_KEY_FINGERPRINT } from '../../support/openpgp-key.ts';
import { RegistryStandIn } from '../../support/registry-stand-in.ts';

const CALICO = readFileSync(new URL('../../../scripts/lab/calico-stand-in.yaml', import.meta.url), 'utf8');
const RELEASE_FILE = 'a release of containerd';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('bundle of an inventory', () => {
  let directory: string;
  let registry: RegistryStandIn;
  let web: Server;
  const served = new Map<string, string>();
  beforeAll(async () => {
    registry = await new RegistryStandIn().listen();
    web = createServer(({ url = '' }, response) => {
      const text = served.get(url);
      response.writeHead(text === undefined ? 404 : 200).end(text);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    web.closeAllConnections();
    web.close();
    await registry[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slipway-create-'));
    registry.requests.length = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const inventory = (more = ''): string => {
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    served.set('/calico.yaml', CALICO.replaceAll('pause:VERSION', 'pause:3.10.1'));
    const file = `{ url: '${url}/release', sha256: { amd64: ${sha256(RELEASE_FILE)} } }`;
    served.set('/release', RELEASE_FILE);
    served.set('/key', TEST_KEY);
    const path = join(directory, 'inventory.yaml');
    writeFileSync(
      path,
      `kubernetes:
  version: '1.35.8'
  repository: { url: '${url}/k8s', keyUrl: '${url}/key', fingerprint: ${TEST_KEY_FINGERPRINT} }
runtime:
  source: upstream
  downloads: { containerd: ${file}, runc: ${file}, cniPlugins: ${file} }
registries:
${['registry.k8s.io', 'docker.io', 'quay.io'].map((host) => `  ${host}: { mirrors: [{ url: '${registry.url}' }] }`).join('\n')}
network:
  manifest: { url: '${url}/calico.yaml', sha256: ${sha256(served.get('/calico.yaml')!)} }
hosts:
  - { name: cp1, address: 10.0.0.11, role: control-plane }
  - { name: w1, address: 10.0.0.12 }
${more}`,
    );
    return path;
  };
  const create = async (path: string, name: string, images: readonly string[] = []) => {
    const slipway = await openSlipway(path, {
      env: { HOME: directory },
      cacheDirectory: join(directory, 'cache'),
      secrets: 'skip',
    });
    const out = join(directory, name);
    await slipway.bundle({ out, hasPackages: false, images }, '0.1.0');
    return out;
  };

  it('has every image and file, and is the same each time', async () => {
    const path = inventory();
    const out = await create(path, 'one.tar', ['quay.io/more/one:v1']);
    const bundle = await openBundle(out);
    expect(await verifyBundle(bundle, { signal: new AbortController().signal })).toEqual([]);
    expect(bundle.index.images.map(({ name, on }) => `${name} ${on}`)).toEqual([
      'docker.io/library/nginx:1.28-alpine all',
      'quay.io/more/one:v1 all',
      'registry.k8s.io/coredns/coredns:v1.13.1 all',
      'registry.k8s.io/etcd:3.6.6-0 control-planes',
      'registry.k8s.io/kube-apiserver:v1.35.8 control-planes',
      'registry.k8s.io/kube-controller-manager:v1.35.8 control-planes',
      'registry.k8s.io/kube-proxy:v1.35.8 all',
      'registry.k8s.io/kube-scheduler:v1.35.8 control-planes',
      'registry.k8s.io/pause:3.10.1 all',
    ]);
    expect(bundle.index.files.map(({ location }) => location.replace(/^.*\//, ''))).toEqual([
      'calico.yaml',
      'key',
      'release',
    ]);
    registry.requests.length = 0;
    const again = await create(path, 'two.tar', ['quay.io/more/one:v1']);
    expect(readFileSync(again).equals(readFileSync(out))).toBe(true);
    expect(registry.requests.filter((one) => one.includes('/blobs/'))).toEqual([]);
  });

  it('for hosts that run nobody knows what is refused', async () => {
    const slipway = await openSlipway(inventory(), {
      env: { HOME: directory },
      cacheDirectory: join(directory, 'cache'),
      secrets: 'skip',
    });
    await expect(slipway.bundle({ out: join(directory, 'x.tar') }, '0.1.0')).rejects.toThrow(
      'nobody says what cp1 runs',
    );
  });

  it('with what only a cluster finds out is refused by name', async () => {
    const more = `addons:
  charts: [{ name: web, chart: web, repository: 'https://charts.example.com', version: 1.0.0, namespace: web, runsOn: control-plane }]
`;
    await expect(create(inventory(more), 'x.tar')).rejects.toThrow(
      'a bundle cannot have the chart web, which is rendered on a control plane',
    );
  });
});
