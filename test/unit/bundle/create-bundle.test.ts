import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { BlobStore } from '#bundle/blob-store.ts';
import { openBundle, verifyBundle } from '#bundle/open-bundle.ts';
import { writeBundle } from '#bundle/write-bundle.ts';
import { blobsOf } from '#core/bundle.ts';
import { openSlipway } from '#slipway.ts';

import { packageOf } from '../../support/bundle-fixture.ts';
import { TEST_KEY, TEST_KEY_FINGERPRINT } from '../../support/openpgp-key.ts';
import { RegistryStandIn } from '../../support/registry-stand-in.ts';

const CALICO = readFileSync(new URL('../../../scripts/lab/calico-stand-in.yaml', import.meta.url), 'utf8');
const SCHEMA = new URL('../../../schema/plan.schema.json', import.meta.url);
const RELEASE_FILE = 'a release of containerd';
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const never = (name: string): never => {
  throw new Error(`${name} is for no platform`);
};

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
    const file = `{ url: '${url}/release', sha256: { amd64: ${digestOf(RELEASE_FILE)} } }`;
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
  manifest: { url: '${url}/calico.yaml', sha256: ${digestOf(served.get('/calico.yaml')!)} }
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
    const [{ name, blobs, platforms } = { name: '', blobs: [], platforms: [] }] = bundle.index.images;
    const [{ architecture, config, layers, manifest, diffIds } = never(name)] = platforms;
    expect({ architecture, count: layers.length, diffIds: diffIds.length }).toEqual({
      architecture: 'amd64',
      count: 1,
      diffIds: 1,
    });
    expect(blobs.map(({ sha256 }) => sha256)).toEqual(expect.arrayContaining([config, manifest, ...layers]));
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
    await expect(
      slipway.bundle({ out: join(directory, 'x.tar'), release: 'debian 9' }, '0.1.0'),
    ).rejects.toThrow('for releases that are supported, and debian 9 is none');
  });

  const planned = async (bundle: string, path = inventory()) => {
    const slipway = await openSlipway(path, {
      env: { HOME: directory },
      cacheDirectory: join(directory, 'nothing'),
      secrets: 'skip',
      bundle,
    });
    return slipway.offlinePlan();
  };
  /** The bundle with packages that nobody had to fetch for it. */
  const withPackages = async (from: string, name: string, wanted: readonly string[]): Promise<string> => {
    const { index, read } = await openBundle(from);
    const store = new BlobStore(join(directory, 'store'));
    for (const { sha256 } of blobsOf(index)) await store.put(await read(sha256));
    const packages = [packageOf('kubelet', '1.35.8-1.1', 'kubelet')];
    await store.put(Buffer.from('kubelet'));
    const repositories = [{ release: 'debian 13', architecture: 'amd64', wanted, packages }];
    const out = join(directory, name);
    await writeBundle(out, { ...index, repositories }, { store, signal: new AbortController().signal });
    return out;
  };

  it('is what a plan is made of, and what it lacks is named', async () => {
    const bare = await create(inventory(), 'bare.tar');
    await expect(planned(bare)).rejects.toMatchObject({
      code: 'bundle-incomplete',
      exitCode: 3,
      message: expect.stringMatching(
        /lacks something that this inventory wants:\n {2}packages for cp1, w1: cri-tools, kubeadm 1\.35\.8, kubectl 1\.35\.8, kubelet 1\.35\.8, kubernetes-cni$/,
      ) as string,
    });
    const out = await withPackages(bare, 'whole.tar', [
      'cri-tools',
      'kubeadm 1.35.8',
      'kubectl 1.35.8',
      'kubelet 1.35.8',
      'kubernetes-cni',
    ]);
    registry.requests.length = 0;
    served.clear();
    const plan = await planned(out);
    const { nodes } = plan;
    const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as object;
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    ajv.validate(schema, JSON.parse(JSON.stringify(plan)));
    expect(ajv.errorsText()).toBe('No errors');
    expect(JSON.stringify(plan)).toContain('"pieces":[{"path":"repository/');
    const addresses = nodes.filter(({ host }) => host === 'w1').map(({ address }) => address);
    expect(addresses).toEqual(expect.arrayContaining(['bundle:packages', 'bundle:images']));
    expect(addresses.filter((address) => address.startsWith('repository:'))).toEqual([]);
    const text = JSON.stringify(nodes);
    // What hosts would fetch themselves is streamed, and no address from outside is left in any step.
    expect(text).not.toContain('fetch http');
    expect(text).not.toContain('curl ');
    expect(registry.requests).toEqual([]);
  });

  it('of another inventory is refused with all that is missing', async () => {
    const bare = await create(inventory(), 'bare.tar');
    const path = inventory('verify: { image: quay.io/a/b:v1 }\n');
    writeFileSync(path, readFileSync(path, 'utf8').replace("'1.35.8'", "'1.35.7'"));
    await expect(planned(bare, path)).rejects.toThrow(
      /lacks 3 things .*images of Kubernetes 1\.35\.7 from registry\.k8s\.io \(it has those of 1\.35\.8 .*image quay\.io\/a\/b:v1/s,
    );
  });

  const withRuntime = (runtime: string, hasMirrors = false): string => {
    const path = inventory();
    const text = readFileSync(path, 'utf8').replace(/runtime:\n(?: {2}.*\n)+/, `runtime: ${runtime}\n`);
    writeFileSync(path, hasMirrors ? text : text.replace(/registries:\n(?: {2}.*\n)+/, ''));
    return path;
  };

  it('wants for CRI-O what brings images into its storage', async () => {
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const repository = `{ url: '${url}/crio', keyUrl: '${url}/key', fingerprint: ${TEST_KEY_FINGERPRINT} }`;
    const path = withRuntime(`{ type: cri-o, repository: ${repository} }`, true);
    const bare = await create(path, 'bare.tar');
    await expect(planned(bare, path)).rejects.toThrow(
      /packages for cp1, w1: cri-o, .*kubernetes-cni, skopeo$/,
    );
  });

  it('has no images by digest for Docker, which would not keep them so', async () => {
    const name = `quay.io/a/b@sha256:${'a'.repeat(64)}`;
    await expect(create(withRuntime('{ type: docker }'), 'x.tar', [name])).rejects.toThrow(
      `a bundle cannot have ${name} for cp1: Docker keeps no image by its digest`,
    );
  });

  const operatorFile = (name: string): string => {
    const text = readFileSync(new URL(`../../../scripts/lab/${name}`, import.meta.url), 'utf8');
    served.set(`/${name}`, text.replaceAll('pause:VERSION', 'pause:3.10.1'));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/${name}`;
    return `{ url: '${url}', sha256: ${digestOf(served.get(`/${name}`)!)} }`;
  };

  const byOperator = (version: string): string => {
    const path = inventory();
    const network = `network:
  install: operator
  version: ${version}
  operator: { crds: ${operatorFile('tigera-crds-stand-in.yaml')}, manifest: ${operatorFile('tigera-operator-stand-in.yaml')} }
`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/network:\n(?: {2}.*\n)+/, network));
    return path;
  };

  it('has what the Tigera operator of a known release runs', async () => {
    const { index } = await openBundle(await create(byOperator('3.32.1'), 'operator.tar'));
    const names = index.images.flatMap(({ name }) => (name.startsWith('quay.io/') ? [name] : []));
    expect(names).toEqual(
      [
        'apiserver',
        'cni',
        'csi',
        'kube-controllers',
        'node',
        'node-driver-registrar',
        'pod2daemon-flexvol',
        'typha',
      ]
        .map((name) => `quay.io/calico/${name}:v3.32.1`)
        .toSorted(),
    );
    await expect(create(byOperator('3.29.9'), 'x.tar')).rejects.toThrow(
      'a bundle cannot have what the Tigera operator of Calico 3.29.9 runs',
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
