import { DEFAULT_DATA_DIR } from '#catalog/etcd-paths.ts';
import { describeEtcd, etcdConfiguration } from '#configuration/etcd.ts';
import { clusterConfiguration } from '#configuration/kubeadm-config.ts';
import { withoutSchedulerConfiguration } from '#configuration/scheduler-configuration.ts';
import { readConfiguration } from '#configuration/stored-configuration.ts';
import { type Cluster, controlPlanesOf } from '#core/cluster.ts';
import { ipFamily } from '#core/ip-family.ts';
import { isEqualJson, isJsonObject, type Json, type JsonObject, valueAt } from '#core/json.ts';
import { none, noted, type Resource } from '#core/resource.ts';
import { apiState } from '#facts/api.ts';

import { check, type Objection } from './check.ts';

/** Settings that are written into every node, address or certificate of a cluster. */
const FOUNDATIONS = [
  'networking.podSubnet',
  'networking.serviceSubnet',
  'networking.dnsDomain',
  'controlPlaneEndpoint',
];

/** Settings that kubeadm writes into the manifests of a control plane, its certificates and its addons. */
const CONTROL_PLANE = [
  'imageRepository',
  ...['apiServer', 'controllerManager', 'scheduler'].flatMap((program) => [
    `${program}.extraArgs`,
    `${program}.extraVolumes`,
    `${program}.extraEnvs`,
  ]),
  ...['extraArgs', 'extraEnvs', 'imageRepository', 'imageTag', 'serverCertSANs', 'peerCertSANs'].map(
    (field) => `etcd.local.${field}`,
  ),
  'featureGates',
  'dns',
  'proxy',
  'encryptionAlgorithm',
  'certificateValidityPeriod',
  'caCertificateValidityPeriod',
];

/**
 * What kubeadm writes where it is told nothing.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/cmd/kubeadm/app/apis/kubeadm/v1beta4/defaults.go
 */
const DEFAULTS: JsonObject = {
  encryptionAlgorithm: 'RSA-2048',
  certificateValidityPeriod: '8760h0m0s',
  caCertificateValidityPeriod: '87600h0m0s',
};

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
  clusterEtcd(cluster),
];

/**
 * The etcd of a cluster is there for good: another one, or another directory, has none of its objects.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure/ (v1.34)
 */
const clusterEtcd = (cluster: Cluster): Resource =>
  check({
    name: 'ClusterEtcd',
    facts: { api: apiState },
    judge: ({ api }) => {
      if (api.state !== 'ready' || api.clusterConfiguration === '') return 'there is no cluster yet';
      const { etcd } = cluster.kubernetes;
      const found = readConfiguration(api.clusterConfiguration);
      const external = valueAt(found, ['etcd', 'external']);
      const wanted = etcdConfiguration(etcd);
      const is = isJsonObject(external)
        ? `external at ${textsIn(external['endpoints']).join(', ')}`
        : 'stacked on the control planes';
      const isOther = isJsonObject(external)
        ? etcd.type === 'stacked' || !isSameSet(textsIn(external['endpoints']), etcd.endpoints)
        : etcd.type === 'external';
      if (isOther) {
        return {
          why: `the etcd of the cluster is ${is}, wanted ${describeEtcd(etcd)}`,
          hint: 'slipway moves no data from one etcd to another: write what the cluster has into kubernetes.etcd, or make a new cluster; other endpoints of the same etcd go into kubeadm-config and the manifests first, https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure/',
        };
      }
      if (!isJsonObject(external))
        return dataDirObjection(valueAt(found, ['etcd', 'local', 'dataDir']), wanted);
      const elsewhere = ['caFile', 'certFile', 'keyFile'].filter(
        (field) => external[field] !== wanted[field],
      );
      return elsewhere.length === 0
        ? `the etcd of the cluster is ${is}`
        : noted(none(`the etcd of the cluster is ${is}`), [
            `API servers read ${elsewhere.map((field) => shown(external[field] ?? null)).join(', ')}, and not what slipway puts at ${elsewhere.map((field) => shown(wanted[field] ?? null)).join(', ')}`,
          ]);
    },
  });

function dataDirObjection(is: Json | undefined, wanted: JsonObject): Objection | string {
  const found = typeof is === 'string' ? is.replace(/\/+$/, '') : DEFAULT_DATA_DIR;
  if (found === wanted['dataDir']) return 'the etcd of the cluster is stacked on the control planes';
  return {
    why: `etcd.dataDir is ${found}, wanted ${shown(wanted['dataDir'] ?? null)}`,
    hint: `slipway moves no data of etcd: write dataDir: ${found} into kubernetes.etcd, or make a new cluster`,
  };
}

const textsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

const isSameSet = (left: readonly string[], right: readonly string[]): boolean =>
  isEqualJson(left.toSorted(), right.toSorted());

interface Group {
  readonly name: string;
  /** Where they stand in kubeadm's ClusterConfiguration. */
  readonly settings: readonly string[];
  readonly hint: string;
}

const settled = (cluster: Cluster, { settings, hint, ...group }: Group): Resource =>
  check({
    ...group,
    facts: { api: apiState },
    judge: ({ api }) => {
      if (api.state !== 'ready' || api.clusterConfiguration === '') return 'there is no cluster yet';
      const { config } = cluster.kubernetes.scheduler;
      // What the scheduler's configuration adds to it comes to a cluster that runs as well.
      const comparable = config === undefined ? (one: JsonObject) => one : withoutSchedulerConfiguration;
      const found = comparable(readConfiguration(api.clusterConfiguration));
      const all = comparable(clusterConfiguration(cluster));
      const wrong = settings.flatMap((path) => {
        const [is = null, wanted = null] = [found, all].map((one) => settingAt(one, path));
        // The inventory has no local etcd, as there is no other.
        const name = path.replace('.local', '');
        return isSame(is, wanted) || isWithoutEndpoint(cluster, path, is)
          ? []
          : [`${name} is ${shown(is)}, wanted ${shown(wanted)}`];
      });
      if (wrong.length === 0) return 'the cluster was made with these settings';
      const why = `the cluster was made with other settings: ${wrong.join('; ')}`;
      return { why, hint: fixedEndpoint(cluster, found) ?? hint };
    },
  });

/** kubeadm makes a single control plane without an endpoint as well; slipway never does. Others cannot join it. */
const isWithoutEndpoint = (cluster: Cluster, path: string, is: Json): boolean =>
  path === 'controlPlaneEndpoint' &&
  is === null &&
  !cluster.kubernetes.hasStableEndpoint &&
  controlPlanesOf(cluster).length === 1;

/** Why a load balancer cannot come to a cluster that was made without one. */
function fixedEndpoint({ kubernetes }: Cluster, found: JsonObject): string | undefined {
  const endpoint = valueAt(found, ['controlPlaneEndpoint']);
  const isFixed = kubernetes.loadBalancer.type !== 'external' && endpoint !== kubernetes.controlPlaneEndpoint;
  if (!isFixed || typeof endpoint !== 'string') return undefined;
  const host = endpoint.replace(/:\d+$/, '').replaceAll(/^\[|\]$/g, '');
  return ipFamily(host) === 0
    ? `a load balancer can come to this cluster under its own endpoint: controlPlaneEndpoint: ${endpoint}`
    : `every certificate and kubeconfig of this cluster names ${endpoint}, the address of one machine, and no load balancer can take that over: write it into the inventory without a loadBalancer, or make a new cluster`;
}

const settingAt = (configuration: JsonObject, path: string): Json => {
  const value = plain(valueAt(configuration, path.split('.')));
  return value ?? DEFAULTS[path] ?? null;
};

/** kubeadm writes 8760h as 8760h0m0s. */
const isSame = (left: Json, right: Json): boolean =>
  isEqualJson(left, right) ||
  (typeof left === 'string' && typeof right === 'string' && seconds(left) === seconds(right));

/** NaN, which equals nothing, where it is no duration. */
function seconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (parts.map(([part]) => part).join('') !== text) return Number.NaN;
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1),
    0,
  );
}

/** Extra arguments are a map up to v1beta3, and a list from v1beta4 on. What is empty counts as not set. */
function plain(value: Json): Json {
  if (Array.isArray(value) && value.some((item: Json) => isJsonObject(item) && 'value' in item)) {
    const pairs = value as readonly { readonly name: string; readonly value: string }[];
    const byName = Map.groupBy(pairs, ({ name }) => name);
    return plain(
      Object.fromEntries(
        [...byName].map(([name, all]) => [
          name,
          all.length === 1 ? (all[0]?.value ?? '') : all.map((pair) => pair.value),
        ]),
      ),
    );
  }
  return value !== null && typeof value === 'object' && Object.keys(value).length === 0 ? null : value;
}

const shown = (value: Json): string =>
  typeof value === 'string' ? value : value === null ? 'not set' : JSON.stringify(value);
