import fc from 'fast-check';
import { stringify } from 'yaml';

import type { JsonObject } from '#core/json.ts';
import type { CalicoNetwork } from '#core/network.ts';
import { DEVICE_PLUGIN_SETS } from '#facts/device-plugins.ts';
import { FIELD_MANAGER, SET_LABEL } from '#facts/owned-objects.ts';
import { calicoPools } from '#resources/cluster/calico-pools.ts';
import { CORDONED, drained, inService } from '#resources/cluster/drain.ts';
import { gpuNode } from '#resources/cluster/gpu-node.ts';
import { kubeProxy } from '#resources/cluster/kube-proxy.ts';
import { KUBELET_FLAGS_PATH, kubeletFlags } from '#resources/kubelet/kubelet-flags.ts';
import { kubeletPatch } from '#resources/kubelet/kubelet-patch.ts';
import { PATCH_MARK } from '#configuration/kubeadm-patches.ts';
import { KUBELET_CONFIG_PATH, PATCH_PATH, PATCHES_DIRECTORY } from '#configuration/kubelet-configuration.ts';
import { kubeletConfigMap } from '#resources/kubelet/kubelet-config-map.ts';
import { kubelet } from '#resources/kubelet/kubelet.ts';
import { manifest } from '#resources/cluster/manifest.ts';
import { nodeLabels, nodeTaints } from '#resources/cluster/owned-metadata.ts';
import { nodeMarks } from '#resources/cluster/node-marks.ts';
import { otherDevicePlugins } from '#resources/cluster/other-device-plugins.ts';
import { prunedObjects } from '#resources/cluster/pruned-objects.ts';
import { kubeadmPatches } from '#resources/kubeadm/kubeadm-patches.ts';
import { noStaleNode } from '#resources/kubeadm/stale-node.ts';

import { anyUnit, clusterOf, fileAt, filesOf, hostWith, someObjects, thereAt } from './arbitraries.ts';
import { clusterWith, controlPlane, kubeletConfig, object, stored, worker } from './fixtures.ts';
import type { Law } from './laws-of-hosts.ts';

const LABELS = { tier: 'gpu', zone: 'a' };
const TAINTS = [
  { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
  { key: 'spot', value: '', effect: 'NoExecute' },
] as const;
const CONTROL_PLANE_TAINT = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

/** A node with any of what its inventory says, of what an earlier one said, and of what others have set. */
const node = (name: string): fc.Arbitrary<JsonObject[]> =>
  fc
    .record({
      labels: fc.subarray(Object.entries({ tier: 'cpu', zone: 'a', old: '1', 'kubernetes.io/os': 'linux' })),
      ownLabels: fc.option(fc.subarray(['old', 'tier', 'zone', 'gone'])),
      taints: fc.subarray([
        { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
        { key: 'spot', value: 'other', effect: 'NoExecute' },
        { key: 'old', effect: 'NoSchedule' },
        { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
        CONTROL_PLANE_TAINT,
      ]),
      ownTaints: fc.option(fc.subarray(['old:NoSchedule', 'spot:NoExecute', 'gone:NoSchedule'])),
      machineID: fc.constantFrom('m1', 'm2'),
    })
    .map(({ labels, ownLabels, taints, ownTaints, machineID }) => [
      object('v1', 'Node', name, {
        metadata: {
          labels: Object.fromEntries(labels),
          annotations: {
            'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/x.sock',
            ...(ownLabels !== null && { 'slipway/labels': ownLabels.join(',') }),
            ...(ownTaints !== null && { 'slipway/taints': ownTaints.join(',') }),
          },
        },
        spec: { taints },
        status: { nodeInfo: { machineID } },
      }),
    ]);

/** One that is in service, or that anybody has cordoned, or a run that was cut off. */
const cordonedNode = fc
  .record({ unschedulable: fc.boolean(), marks: fc.subarray([CORDONED, 'slipway/drained']) })
  .map(({ unschedulable, marks }) => [
    object('v1', 'Node', 'w1', {
      metadata: { annotations: Object.fromEntries(marks.map((key) => [key, 'true'])) },
      spec: unschedulable ? { unschedulable } : {},
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }),
  ]);

export const nodes = clusterOf(node('w1'), node('cp1'));

const settings = fc.constantFrom<JsonObject>(
  { cgroupDriver: 'systemd', maxPods: 110 },
  { cgroupDriver: 'cgroupfs', evictionHard: { 'memory.available': '1Gi', 'nodefs.available': '5%' } },
  { cgroupDriver: 'systemd', maxPods: 50, evictionHard: { 'memory.available': '100Mi' } },
);
const KUBELET = { maxPods: 50, evictionHard: { 'memory.available': '1Gi' } };
const RECORDS = [undefined, '{"maxPods":50}', '{"evictionHard":{"nodefs.available":"5%"},"old":true}'];

const kubeletConfigs = fc
  .tuple(settings, fc.constantFrom(...RECORDS))
  .map(([found, record]) => [
    kubeletConfig(found, record === undefined ? {} : { 'slipway/kubelet': record }),
  ]);

const proxies = fc
  .record({
    found: fc.constantFrom<JsonObject>(
      { mode: 'iptables', conntrack: { maxPerCore: 1 } },
      { mode: 'nftables' },
      { mode: 'ipvs', metricsBindAddress: '0.0.0.0', old: 1 },
    ),
    record: fc.constantFrom(undefined, '{"old":1}', '{"conntrack":{"maxPerCore":1}}'),
    asked: fc.constantFrom(undefined, 'abc', 'def'),
    running: fc.constantFrom(undefined, 'abc'),
  })
  .map(({ found, record, asked, running }) => [
    stored('kube-proxy', 'config.conf', found, {
      ...(record !== undefined && { 'slipway/kube-proxy': record }),
      ...(asked !== undefined && { 'slipway/kube-proxy-configuration': asked }),
    }),
    object('apps/v1', 'DaemonSet', 'kube-proxy', {
      namespace: 'kube-system',
      spec: {
        template: {
          metadata: {
            annotations: running === undefined ? {} : { 'slipway/kube-proxy-configuration': running },
          },
        },
      },
    }),
  ]);

const pool = (name: string, cidr: string) =>
  fc
    .record({
      ipipMode: fc.constantFrom('Always', 'CrossSubnet', 'Never'),
      vxlanMode: fc.constantFrom('Always', 'CrossSubnet', 'Never'),
    })
    .map((spec) => object('crd.projectcalico.org/v1', 'IPPool', name, { spec: { cidr, ...spec } }));
const pools = fc
  .tuple(
    pool('default-ipv4-ippool', '10.244.0.0/16'),
    pool('default-ipv6-ippool', 'FD00::/48'),
    pool('by-hand', '10.9.0.0/16'),
  )
  .chain((all) => fc.subarray(all));

const SHOP = { [SET_LABEL]: 'shop' };
const inShop = (kind: string, name: string, more: object = {}) =>
  object(kind === 'Job' ? 'batch/v1' : 'v1', kind, name, {
    namespace: 'shop',
    metadata: { labels: SHOP },
    ...more,
  });
const MANIFEST = [
  object('v1', 'Namespace', 'shop', { metadata: { labels: SHOP } }),
  inShop('ConfigMap', 'settings', { data: { color: 'blue' } }),
  inShop('Job', 'migrate', { spec: { template: { spec: { image: 'migrate:2' } } } }),
]
  .map((one) => stringify(one))
  .join('---\n');

const oldShop = someObjects(
  inShop('ConfigMap', 'settings', { data: { color: 'red', size: 'by hand' } }),
  inShop('Job', 'migrate', { spec: { template: { spec: { image: 'migrate:1', uid: 'made up' } } } }),
);

const APPLIED = { managedFields: [{ manager: FIELD_MANAGER, operation: 'Apply' }] };
const owned = (apiVersion: string, kind: string, name: string, set: string, namespace = 'kube-system') =>
  object(apiVersion, kind, name, { namespace, metadata: { labels: { [SET_LABEL]: set }, ...APPLIED } });

export const ownedObjects = [
  owned('v1', 'Namespace', 'shop', 'old', ''),
  owned('v1', 'ConfigMap', 'settings', 'shop', 'shop'),
  owned('v1', 'ConfigMap', 'left', 'shop', 'shop'),
  owned('apps/v1', 'Deployment', 'server', 'old', 'shop'),
  owned('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'hook', 'old', ''),
  object('v1', 'ConfigMap', 'left', { namespace: 'shop-2', metadata: { labels: SHOP } }),
];

const { nvidia, hami } = DEVICE_PLUGIN_SETS;
export const devicePlugins = [
  owned('apps/v1', 'DaemonSet', 'nvidia-device-plugin-daemonset', nvidia),
  owned('apps/v1', 'DaemonSet', 'gpu-feature-discovery', nvidia),
  owned('v1', 'ConfigMap', 'nvidia-device-plugin-config', nvidia),
  owned('apps/v1', 'DaemonSet', 'hami-device-plugin', hami),
  owned('apps/v1', 'Deployment', 'hami-scheduler', hami),
  owned('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'hami-webhook', hami, ''),
  owned('rbac.authorization.k8s.io/v1', 'ClusterRole', 'hami', hami, ''),
  object('v1', 'Secret', 'hami-scheduler-tls', { namespace: 'kube-system' }),
  object('apps/v1', 'DaemonSet', 'by-hand', { namespace: 'kube-system' }),
];

const cluster = clusterWith({
  kubelet: KUBELET,
  kubeProxy: { mode: 'nftables', config: { conntrack: { maxPerCore: 0 } } },
});
const gpuHost = { ...worker, labels: LABELS, taints: TAINTS, kubelet: { maxPods: 60 } };
const network = { plugin: 'calico', encapsulation: 'vxlan-cross-subnet' } as CalicoNetwork;

const FLAGS = [
  'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/x.sock --v=2 --old"\n',
  'KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.9"\n',
];
const CONFIGURATIONS = [
  'cgroupDriver: systemd\nmaxPods: 110\nstaticPodPath: /etc/kubernetes/manifests\n',
  'cgroupDriver: cgroupfs\nevictionHard:\n  memory.available: 1Gi\n  nodefs.available: 5%\n',
  '{}\n',
];
const PATCHES = ['maxPods: 50\n', 'evictionHard:\n  nodefs.available: 5%\n', 'not: [yaml\n'];

export const LAWS_OF_CLUSTERS = {
  'labels of a node': { resources: [nodeLabels(cluster, gpuHost)], before: hostWith({ cluster: nodes }) },
  'taints of a node': { resources: [nodeTaints(cluster, gpuHost)], before: hostWith({ cluster: nodes }) },
  'taints of a control plane': {
    resources: [nodeTaints(cluster, { ...controlPlane, taints: TAINTS })],
    before: hostWith({ cluster: nodes }),
  },
  'marks of a control plane': {
    resources: [nodeMarks(clusterWith({ version: '1.33.8', featureGates: {} }), controlPlane)],
    before: hostWith({ cluster: nodes }),
  },
  'label of a node with GPUs': {
    resources: [gpuNode(cluster, gpuHost)],
    before: hostWith({ cluster: nodes }),
  },
  'drained node': {
    resources: [drained({ cluster, host: worker, unless: null })],
    before: hostWith({ cluster: clusterOf(cordonedNode) }),
  },
  'node back in service': {
    resources: [inService(cluster, worker)],
    before: hostWith({ cluster: clusterOf(cordonedNode) }),
  },
  'no stale node': { resources: [noStaleNode(cluster, worker)], before: hostWith({ cluster: nodes }) },
  "kubelets' ConfigMap": {
    resources: [kubeletConfigMap(cluster)],
    before: hostWith({ cluster: clusterOf(kubeletConfigs) }),
  },
  "kubelet's patch before kubeadm": {
    resources: [kubeletPatch(cluster, gpuHost)],
    before: hostWith({ files: filesOf(fileAt(PATCH_PATH, ...PATCHES)) }),
  },
  'no patch before kubeadm': {
    resources: [kubeletPatch(clusterWith(), worker)],
    before: hostWith({ files: filesOf(fileAt(PATCH_PATH, ...PATCHES)) }),
  },
  'patches of static pods': {
    resources: kubeadmPatches(
      clusterWith({
        patches: [
          { target: 'etcd', type: 'strategic', content: { spec: { priority: 1 } } },
          { target: 'kube-apiserver', type: 'json', content: [] },
        ],
      }),
    ),
    before: hostWith({
      files: filesOf(
        fileAt(`${PATCHES_DIRECTORY}/etcd000+strategic.yaml`, `${PATCH_MARK}\nspec: {}\n`, 'by hand\n'),
        fileAt(`${PATCHES_DIRECTORY}/etcd001+json.yaml`, `${PATCH_MARK}\n[]\n`, '[]\n'),
        fileAt(PATCH_PATH, ...PATCHES),
      ),
    }),
  },
  "kubelet's flags": {
    resources: [
      kubeletFlags(cluster, { ...worker, nodeIp: '10.0.0.12', kubeletExtraArgs: { v: '3' } }, 'join'),
    ],
    before: hostWith({ files: filesOf(thereAt(KUBELET_FLAGS_PATH, ...FLAGS)) }),
  },
  kubelet: {
    resources: [kubeletFlags(cluster, gpuHost, 'join'), ...kubelet(cluster, gpuHost, 'join')],
    before: hostWith({
      cluster: clusterOf(kubeletConfigs),
      units: anyUnit.map((found) => new Map([['kubelet.service', found]])),
      files: filesOf(
        thereAt(KUBELET_FLAGS_PATH, ...FLAGS),
        thereAt(KUBELET_CONFIG_PATH, ...CONFIGURATIONS),
        fileAt(PATCH_PATH, ...PATCHES),
      ),
    }),
    runsOn: { 'kubelet.service': [KUBELET_CONFIG_PATH, KUBELET_FLAGS_PATH] },
  },
  'kube-proxy': { resources: [kubeProxy(cluster)], before: hostWith({ cluster: clusterOf(proxies) }) },
  'pools of Calico': {
    resources: [calicoPools(cluster, network)],
    before: hostWith({ cluster: clusterOf(pools) }),
  },
  manifest: {
    resources: [
      manifest({
        name: 'shop',
        content: MANIFEST,
        set: 'shop',
      }),
    ],
    before: hostWith({
      manifests: fc.constant([MANIFEST]),
      cluster: fc.oneof(
        clusterOf(fc.constant([object('v1', 'Namespace', 'shop')]), oldShop),
        clusterOf(fc.constant([])),
      ),
    }),
  },
  'pruned objects': {
    resources: [prunedObjects({ shop: MANIFEST })],
    before: hostWith({ cluster: clusterOf(someObjects(...ownedObjects)) }),
  },
  'no other device plugin than NVIDIA': {
    resources: [otherDevicePlugins(nvidia, ['nvidia-device-plugin-daemonset'])],
    before: hostWith({ cluster: clusterOf(someObjects(...devicePlugins)) }),
  },
  'no device plugin of ours': {
    resources: [otherDevicePlugins(undefined, [])],
    before: hostWith({ cluster: clusterOf(someObjects(...devicePlugins)) }),
  },
} satisfies Readonly<Record<string, Law>>;
