import { stringify } from 'yaml';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Json, JsonObject } from '#core/json.ts';

export const worker = {
  name: 'w1',
  role: 'worker',
  gpu: true,
  runtime: { type: 'containerd' },
  labels: {},
  taints: [],
  kubelet: {},
  kubeletExtraArgs: {},
} as unknown as Host;

export const controlPlane: Host = { ...worker, name: 'cp1', role: 'control-plane', gpu: false };

/** As much of a cluster as resources read; Kubernetes is what the tests change. */
export const clusterWith = (kubernetes: object = {}): Cluster =>
  ({
    name: 'lab',
    hosts: [controlPlane, worker],
    leaving: [],
    ignoredChecks: [],
    network: { plugin: 'none' },
    upgrade: {
      maxUnavailable: '1',
      snapshot: true,
      drain: { when: 'minor', timeoutMs: 60_000, force: false, disableEviction: false },
    },
    gpu: { devicePlugin: { type: 'nvidia' } },
    kubernetes: {
      etcd: { type: 'stacked', dataDir: '/var/lib/etcd', extraArgs: {}, extraVolumes: [] },
      podSubnet: '10.244.0.0/16,fd00::/48',
      kubelet: {},
      kubeProxy: { mode: 'iptables', config: {} },
      skipPhases: [],
      patches: [],
      kubeadm: { initConfiguration: {}, clusterConfiguration: {}, joinConfiguration: {} },
      ...kubernetes,
    },
  }) as unknown as Cluster;

export const object = (
  apiVersion: string,
  kind: string,
  name: string,
  {
    namespace = '',
    metadata = {},
    ...fields
  }: Readonly<Record<string, Json>> & {
    readonly namespace?: string;
    readonly metadata?: JsonObject;
  } = {},
): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace !== '' && { namespace }), ...metadata },
  ...fields,
});

/** A ConfigMap of kubeadm's. */
export const stored = (name: string, key: string, settings: JsonObject, annotations: JsonObject = {}) =>
  object('v1', 'ConfigMap', name, {
    namespace: 'kube-system',
    metadata: { annotations },
    data: { [key]: stringify(settings) },
  });

export const kubeletConfig = (settings: JsonObject, annotations?: JsonObject): JsonObject =>
  stored('kubelet-config', 'kubelet', settings, annotations);
