import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { type Json, stableJson, type JsonObject } from '#core/json.ts';
import type { Resource } from '#core/resource.ts';
import { Secret } from '#core/secret.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { kubeProxy } from '#resources/cluster/kube-proxy.ts';
import { KUBELET_FLAGS_PATH, kubeletFlags } from '#resources/kubelet/kubelet-flags.ts';
import { KUBELET_CONFIG_PATH, PATCH_PATH } from '#configuration/kubelet-configuration.ts';
import { kubeletConfigMap } from '#resources/kubelet/kubelet-config-map.ts';
import { kubelet } from '#resources/kubelet/kubelet.ts';
import { manifest } from '#resources/cluster/manifest.ts';
import { nodeLabels, nodeTaints } from '#resources/cluster/owned-metadata.ts';
import { otherDevicePlugins } from '#resources/cluster/other-device-plugins.ts';
import { prunedObjects } from '#resources/cluster/pruned-objects.ts';
import { CONTAINERD_CERTIFICATES, containerdRegistries } from '#resources/runtime/containerd-registries.ts';

import { runs } from '../support/runs.ts';

import { bareHost } from './arbitraries.ts';
import { clusterWith, kubeletConfig, object, stored, worker } from './fixtures.ts';
import { cloneModel, type HostModel, type ModelFile } from './host-model.ts';
import { identity, mapAt } from './kubectl-model.ts';
import { devicePlugins } from './laws-of-clusters.ts';
import { perform } from './perform.ts';

/** Resources of which slipway knows what it has set before, and takes that away when it is not wanted any more. */
interface History<Wanted> {
  /** What inventories say, one after another. */
  readonly wanted: fc.Arbitrary<Wanted>;
  readonly nothing: Wanted;
  readonly made: (wanted: Wanted) => readonly Resource[];
  /** A host that slipway has not seen yet, with what others have set. */
  readonly before: HostModel;
  /** What is compared. */
  readonly state: (model: HostModel) => unknown;
}

interface Told {
  /** What an earlier inventory, cut off after as many actions, and the one of now end in; beside it that of now alone. */
  readonly ends: fc.Arbitrary<{ readonly found: unknown; readonly fresh: unknown }>;
  /** What an inventory that says nothing leaves of what others have set; beside it what they have. */
  readonly untouched: () => { readonly found: unknown; readonly fresh: unknown };
}

const told = <Wanted>({ wanted, nothing, made, before, state }: History<Wanted>): Told => ({
  ends: fc
    .record({ earlier: wanted, now: wanted, actions: fc.nat({ max: 12 }) })
    .map(({ earlier, now, actions }) => {
      const [model, fresh] = [cloneModel(before), cloneModel(before)];
      perform(model, made(earlier), actions);
      perform(model, made(now));
      perform(fresh, made(now));
      return { earlier, now, actions, found: state(model), fresh: state(fresh) };
    }),
  untouched: () => {
    const model = cloneModel(before);
    perform(model, made(nothing));
    return { found: state(model), fresh: state(before) };
  },
});

const rooted = (content: string): ModelFile => ({
  content,
  mode: '0644',
  owner: 'root:root',
  writtenAt: 1,
});

const clusterOf = (...objects: readonly JsonObject[]) => new Map(objects.map((one) => [identity(one), one]));

const running = {
  isThere: true,
  isMasked: false,
  isEnabled: true,
  isActive: true,
  needsReload: false,
  startedAt: 2,
};

const node = object('v1', 'Node', 'w1', {
  metadata: { labels: { 'kubernetes.io/os': 'linux' }, annotations: { theirs: '1' } },
  spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] },
});
const nodeOf = ({ cluster }: HostModel): JsonObject => cluster.get('Node//w1') ?? {};

const labels = told<Record<string, string>>({
  wanted: fc.dictionary(fc.constantFrom('tier', 'zone', 'rack'), fc.constantFrom('a', 'b')),
  nothing: {},
  made: (wanted) => [nodeLabels(clusterWith(), { ...worker, labels: wanted })],
  before: { ...bareHost(), cluster: clusterOf(node) },
  state: (model) => mapAt(nodeOf(model), 'metadata'),
});

const taints = told<readonly { key: string; value: string; effect: 'NoSchedule' | 'NoExecute' }[]>({
  wanted: fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('gpu', 'spot'),
      value: fc.constantFrom('', 'a'),
      effect: fc.constantFrom('NoSchedule', 'NoExecute'),
    }),
    { selector: ({ key, effect }) => key + effect },
  ),
  nothing: [],
  made: (wanted) => [nodeTaints(clusterWith(), { ...worker, taints: wanted })],
  before: { ...bareHost(), cluster: clusterOf(node) },
  state: (model) => {
    const found = mapAt(nodeOf(model), 'spec')['taints'] as readonly Json[];
    return [mapAt(nodeOf(model), 'metadata'), found.map(stableJson).toSorted()];
  },
});

const settings = fc.record(
  {
    maxPods: fc.constantFrom(50, 60),
    hairpinMode: fc.constantFrom('hairpin-veth', 'none'),
    evictionHard: fc.record(
      { 'memory.available': fc.constantFrom('1Gi', '2Gi'), 'imagefs.available': fc.constant('5%') },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const BY_KUBEADM = { cgroupDriver: 'systemd', staticPodPath: '/etc/kubernetes/manifests' };

const kubelets = told<{ readonly all: JsonObject; readonly own: JsonObject }>({
  wanted: fc.record({ all: settings, own: settings }),
  nothing: { all: {}, own: {} },
  made: ({ all, own }) => {
    const cluster = clusterWith({ kubelet: all });
    return [kubeletConfigMap(cluster), ...kubelet(cluster, { ...worker, kubelet: own }, 'join')];
  },
  before: {
    ...bareHost(),
    cluster: clusterOf(kubeletConfig(BY_KUBEADM)),
    files: new Map([
      [
        KUBELET_CONFIG_PATH,
        rooted(stringify({ ...BY_KUBEADM, evictionHard: { 'nodefs.available': '7%' }, byHand: true })),
      ],
    ]),
    units: new Map([['kubelet.service', running]]),
  },
  state: ({ files, cluster }) => [
    withoutEmptyMaps(parse(files.get(KUBELET_CONFIG_PATH)?.content ?? '')),
    files.get(PATCH_PATH)?.content,
    ...[...cluster.values()].map((one) => [
      mapAt(one, 'metadata'),
      withoutEmptyMaps(parse(textAt(one, 'kubelet'))),
    ]),
  ],
});

/** In a ConfigMap. */
const textAt = (map: JsonObject, key: string): string => {
  const found = mapAt(map, 'data')[key];
  return typeof found === 'string' ? found : '';
};

/** A map of settings with nothing in it says nothing. */
const withoutEmptyMaps = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => stableJson(member) !== '{}'));

const flags = told<Record<string, string>>({
  wanted: fc.dictionary(fc.constantFrom('v', 'node-ip', 'max-pods'), fc.constantFrom('1', '2')),
  nothing: {},
  made: (wanted) => [kubeletFlags(clusterWith(), { ...worker, kubeletExtraArgs: wanted }, 'join')],
  before: {
    ...bareHost(),
    files: new Map([
      [
        KUBELET_FLAGS_PATH,
        rooted('KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/x.sock"\n'),
      ],
    ]),
  },
  state: ({ files }) => files.get(KUBELET_FLAGS_PATH)?.content,
});

const proxy = told<{ readonly mode: string; readonly config: JsonObject }>({
  wanted: fc.record({
    mode: fc.constantFrom('iptables', 'nftables'),
    config: fc.constantFrom<JsonObject>(
      {},
      { metricsBindAddress: '0.0.0.0' },
      { conntrack: { maxPerCore: 0 }, metricsBindAddress: '::' },
    ),
  }),
  nothing: { mode: 'iptables', config: {} },
  made: (wanted) => [kubeProxy(clusterWith({ kubeProxy: wanted }))],
  before: {
    ...bareHost(),
    cluster: clusterOf(
      stored('kube-proxy', 'config.conf', { mode: 'iptables', conntrack: { tcpCloseWaitTimeout: '1h' } }),
      object('apps/v1', 'DaemonSet', 'kube-proxy', { namespace: 'kube-system' }),
    ),
  },
  state: ({ cluster }) => {
    const config = cluster.get('ConfigMap/kube-system/kube-proxy') ?? {};
    const pods = cluster.get('DaemonSet.apps/kube-system/kube-proxy') ?? {};
    const annotations = mapAt(config, 'metadata', 'annotations');
    const key = 'slipway/kube-proxy-configuration';
    return [
      parse(textAt(config, 'config.conf')),
      annotations['slipway/kube-proxy'],
      annotations[key] === mapAt(pods, 'spec', 'template', 'metadata', 'annotations')[key],
    ];
  },
});

const registries = told<readonly string[]>({
  wanted: fc.subarray(['docker.io', 'registry.example.com', 'ghcr.io']),
  nothing: [],
  made: (wanted) =>
    containerdRegistries(
      wanted.map((host) => ({
        host,
        endpoint: {
          url: `https://${host}`,
          skipVerify: false,
          ...(host === 'ghcr.io' && { login: { secret: 'login', basic: new Secret('dXNlcg==') } }),
        },
        mirrors: [],
      })),
      new Map(),
    ),
  before: {
    ...bareHost(),
    secrets: new Map([['login', 'dXNlcg==']]),
    files: new Map([[`${CONTAINERD_CERTIFICATES}/by-hand.example.com/hosts.toml`, rooted('by hand\n')]]),
  },
  state: ({ files }) => Object.fromEntries([...files].map(([path, { content }]) => [path, content])),
});

const addon = (names: readonly string[]): string =>
  names
    .map((name) =>
      stringify(
        object('v1', 'ConfigMap', name, {
          namespace: 'shop',
          metadata: { labels: { [SET_LABEL]: 'shop' } },
          data: { name },
        }),
      ),
    )
    .join('---\n');
const ADDONS = ['one', 'two', 'three'];

const addons = told<readonly string[]>({
  wanted: fc.subarray(ADDONS),
  nothing: [],
  made: (wanted) => {
    const content = addon(wanted);
    return wanted.length === 0
      ? [prunedObjects({})]
      : [manifest({ name: 'shop', content }), prunedObjects({ shop: content })];
  },
  before: {
    ...bareHost(),
    manifests: Array.from({ length: 8 }, (_, bits) =>
      addon(ADDONS.filter((_name, index) => Math.floor(bits / 2 ** index) % 2 === 1)),
    ),
    cluster: clusterOf(
      object('v1', 'Namespace', 'shop'),
      object('v1', 'ConfigMap', 'by-hand', {
        namespace: 'shop',
        metadata: { labels: { [SET_LABEL]: 'shop' } },
      }),
    ),
  },
  state: ({ cluster }) => [...cluster.values()].map(stableJson).toSorted(),
});

const HISTORIES: Readonly<Record<string, Told>> = {
  'labels of a node': labels,
  'taints of a node': taints,
  'settings of kubelets': kubelets,
  'flags of a kubelet': flags,
  'settings of kube-proxy': proxy,
  'registries of containerd': registries,
  'objects of addons': addons,
};

describe.each(Object.entries(HISTORIES))('%s', (_, { ends, untouched }) => {
  it('are as if there had been no earlier inventory, wherever its run was cut off', () => {
    fc.assert(
      fc.property(ends, ({ found, fresh }) => {
        expect(found).toEqual(fresh);
      }),
      { numRuns: runs(300) },
    );
  });

  it('that others have set stay', () => {
    const { found, fresh } = untouched();
    expect(found).toEqual(fresh);
  });
});

describe('device plugins of ours that are not wanted', () => {
  it('are gone whole, wherever the first run was cut off, and no other object is', () => {
    fc.assert(
      fc.property(fc.nat({ max: 12 }), (actions) => {
        const model = { ...bareHost(), cluster: clusterOf(...devicePlugins) };
        const resources = [otherDevicePlugins(undefined, [])];
        perform(model, resources, actions);
        perform(model, resources);
        expect([...model.cluster.keys()]).toEqual(['DaemonSet.apps/kube-system/by-hand']);
      }),
    );
  });
});
