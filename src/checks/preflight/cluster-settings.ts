import { readConfiguration } from '#configuration/stored-configuration.ts';
import type { Cluster } from '#core/cluster.ts';
import { isEqualJson, isJsonObject, type Json, valueAt } from '#core/json.ts';
import type { Resource } from '#core/resource.ts';
import { apiState } from '#facts/api.ts';

import { check } from './check.ts';

interface Setting {
  /** As the inventory has it, below `kubernetes`. */
  readonly name: string;
  /** In kubeadm's ClusterConfiguration. */
  readonly path: readonly string[];
  readonly wanted: (cluster: Cluster) => Json;
}

/** Settings that are written into every node, address or certificate of a cluster. */
const FOUNDATIONS: readonly Setting[] = [
  {
    name: 'networking.podSubnet',
    path: ['networking', 'podSubnet'],
    wanted: ({ kubernetes }) => kubernetes.podSubnet,
  },
  {
    name: 'networking.serviceSubnet',
    path: ['networking', 'serviceSubnet'],
    wanted: ({ kubernetes }) => kubernetes.serviceSubnet,
  },
  {
    name: 'networking.dnsDomain',
    path: ['networking', 'dnsDomain'],
    wanted: ({ kubernetes }) => kubernetes.dnsDomain,
  },
  {
    name: 'controlPlaneEndpoint',
    path: ['controlPlaneEndpoint'],
    wanted: ({ kubernetes }) => kubernetes.controlPlaneEndpoint,
  },
];

/** Settings that kubeadm writes into the manifests of a control plane. */
const CONTROL_PLANE: readonly Setting[] = [
  {
    name: 'imageRepository',
    path: ['imageRepository'],
    wanted: ({ kubernetes }) => kubernetes.imageRepository,
  },
  {
    name: 'apiServer.certSANs',
    path: ['apiServer', 'certSANs'],
    wanted: ({ kubernetes }) => kubernetes.apiServer.certSANs,
  },
  ...(['apiServer', 'controllerManager', 'scheduler'] as const).flatMap((program): readonly Setting[] => [
    {
      name: `${program}.extraArgs`,
      path: [program, 'extraArgs'],
      wanted: ({ kubernetes }) => kubernetes[program].extraArgs,
    },
    {
      name: `${program}.extraVolumes`,
      path: [program, 'extraVolumes'],
      wanted: ({ kubernetes }) => kubernetes[program].extraVolumes as unknown as Json,
    },
  ]),
  {
    name: 'etcd.extraArgs',
    path: ['etcd', 'local', 'extraArgs'],
    wanted: ({ kubernetes }) => kubernetes.etcd.extraArgs,
  },
  { name: 'featureGates', path: ['featureGates'], wanted: ({ kubernetes }) => kubernetes.featureGates },
];

/**
 * Settings of kubeadm that only count while a cluster is made. If the inventory says something else later, the plan
 * says so.
 */
export const clusterSettings = (cluster: Cluster): readonly Resource[] => [
  settled(cluster, {
    name: 'ClusterNetwork',
    settings: FOUNDATIONS,
    hint: 'a cluster keeps these for life: write what it has into the inventory, or make a new cluster',
  }),
  settled(cluster, {
    name: 'ControlPlaneSettings',
    settings: CONTROL_PLANE,
    hint: 'slipway does not change these on a cluster that runs: change them with kubeadm, https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure/, or write what it has into the inventory',
  }),
];

interface Group {
  readonly name: string;
  readonly settings: readonly Setting[];
  readonly hint: string;
}

const settled = (cluster: Cluster, { name, settings, hint }: Group): Resource =>
  check({
    name,
    facts: { api: apiState },
    judge: ({ api }) => {
      if (api.state !== 'ready' || api.clusterConfiguration === '') return 'there is no cluster yet';
      const found = readConfiguration(api.clusterConfiguration);
      const wrong = settings.flatMap((setting) => {
        const [is, wanted] = [plain(valueAt(found, setting.path)), plain(setting.wanted(cluster))];
        return isEqualJson(is, wanted) ? [] : [`${setting.name} is ${shown(is)}, wanted ${shown(wanted)}`];
      });
      if (wrong.length === 0) return 'the cluster was made with these settings';
      return { why: `the cluster was made with other settings: ${wrong.join('; ')}`, hint };
    },
  });

/** Extra arguments are a map up to v1beta3, and a list from v1beta4 on. What is empty counts as not set. */
function plain(value: Json): Json {
  if (Array.isArray(value) && value.some((item: Json) => isJsonObject(item) && 'value' in item)) {
    const pairs = value as readonly { readonly name: string; readonly value: string }[];
    return plain(Object.fromEntries(pairs.map((pair) => [pair.name, pair.value])));
  }
  return value !== null && typeof value === 'object' && Object.keys(value).length === 0 ? null : value;
}

const shown = (value: Json): string =>
  typeof value === 'string' ? value : value === null ? 'not set' : JSON.stringify(value);
