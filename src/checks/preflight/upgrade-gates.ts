import { minorNumber, minorOf } from '#catalog/kubernetes.ts';
import { isExternal } from '#configuration/etcd.ts';
import { readConfiguration } from '#configuration/stored-configuration.ts';
import type { Cluster } from '#core/cluster.ts';
import { type Json, valueAt } from '#core/json.ts';
import type { Resource } from '#core/resource.ts';
import { upstreamVersion } from '#distributions/package-version.ts';
import { type ApiReady, apiState, CONTROL_PLANE_LABEL } from '#facts/api.ts';
import { deprecatedApis } from '#facts/deprecated-apis.ts';
import { diskSpace } from '#facts/disk.ts';
import { etcdLocal } from '#facts/etcd-local.ts';
import { reports } from '#facts/node-of.ts';
import { packageState } from '#facts/package.ts';

import { check } from './check.ts';

/**
 * What etcd must be before it goes to a newer minor: with an older one, members that were removed long ago come back, or it
 * does not start.
 *
 * @see https://etcd.io/blog/2025/zombie_members_upgrade/
 * @see https://etcd.io/docs/v3.7/upgrades/upgrade_3_7/
 */
const ETCD_NEEDED: readonly { readonly minor: number; readonly needed: string }[] = [
  { minor: 34, needed: '3.5.26' },
  { minor: 37, needed: '3.6.11' },
];

/** The first minor whose etcd knows no flag that begins so. */
const EXPERIMENTAL = { prefix: 'experimental-', goneIn: 37 };

/** What kubeadm keeps of etcd's data beside them while it upgrades, and a little more. */
const BACKUP_SHARE = 1.1;

/** What stands against an upgrade of control planes, of each of them. */
export const controlPlaneGates = (cluster: Cluster): readonly Resource[] => {
  if (isExternal(cluster)) return [];
  const { version } = cluster.kubernetes;
  const kubelet = packageState('kubelet', version);
  const minor = minorNumber(version);
  return [
    check({
      name: 'EtcdVersion',
      facts: { kubelet, etcd: etcdLocal() },
      judge: ({ kubelet: { installed }, etcd }, host) => {
        const from = installed === null ? minor : minorNumber(upstreamVersion(installed));
        const step = ETCD_NEEDED.find((one) => from < one.minor && minor >= one.minor);
        if (step === undefined || etcd.version === null) return 'its etcd goes to no newer minor';
        if (!isOlder(etcd.version, step.needed)) return `etcd ${etcd.version} may be upgraded`;
        return {
          why: `etcd ${etcd.version} runs on ${host}, and ${step.needed} is the oldest that may be upgraded to the etcd of Kubernetes 1.${step.minor}`,
          hint: `go to the newest patch of 1.${from} first; where its etcd is older too, set etcd.local.imageTag: ${step.needed}-0 with kubeadm, and take it out again afterwards`,
        };
      },
    }),
    check({
      name: 'EtcdBackupSpace',
      facts: { kubelet, etcd: etcdLocal(), etc: diskSpace('/etc') },
      judge: ({ kubelet: { installed }, etcd, etc }) => {
        if (installed === null || upstreamVersion(installed) === version || etcd.version === null)
          return 'kubeadm keeps no copy of etcd';
        const neededKib = etcd.sizeKib * BACKUP_SHARE;
        if (etc.freeKib >= neededKib) return 'there is room for a copy of etcd';
        return {
          why: `kubeadm keeps a copy of etcd's data in /etc/kubernetes/tmp as it upgrades: ${mebibytes(neededKib)}, and ${mebibytes(etc.freeKib)} are free`,
          hint: 'make room there; copies of earlier upgrades in /etc/kubernetes/tmp may go',
        };
      },
    }),
  ];
};

const mebibytes = (kib: number): string => `${Math.round(kib / 1024)} MiB`;

/** What stands against it in the cluster. */
export const clusterGates = (cluster: Cluster): readonly Resource[] => [
  check({
    name: 'ControlPlanesReady',
    facts: { api: apiState },
    judge: ({ api }) => {
      if (api.state !== 'ready' || !isUpgraded(api, cluster)) return 'no upgrade is due';
      const unready = Object.entries(api.nodes).filter(
        ([, { labels, isReady }]) => CONTROL_PLANE_LABEL in labels && !isReady,
      );
      if (unready.length === 0) return 'all control planes are Ready';
      return {
        why: `${unready.map(([name, { message }]) => `${name} is not Ready: ${message}`).join('; ')}; kubeadm upgrades no cluster like that`,
        hint: 'mend them first, or take them out of the cluster',
      };
    },
  }),
  check({
    name: 'NodesSchedulable',
    facts: { api: apiState },
    judge: ({ api }) => {
      if (api.state !== 'ready' || !isUpgraded(api, cluster)) return 'no upgrade is due';
      if (Object.values(api.nodes).some(({ isCordoned }) => !isCordoned)) return 'pods find a node';
      return {
        why: 'all nodes are cordoned: what is drained from one finds no other',
        hint: 'kubectl uncordon those that may take pods',
      };
    },
  }),
  check({
    name: 'DeprecatedApis',
    facts: { api: apiState, asked: deprecatedApis(minorOf(cluster.kubernetes.version)) },
    judge: ({ api, asked }) => {
      if (api.state !== 'ready' || !isUpgraded(api, cluster)) return 'no upgrade is due';
      const minor = minorNumber(cluster.kubernetes.version);
      const gone = (asked ?? []).filter(({ removedIn }) => minorNumber(removedIn) <= minor);
      if (gone.length === 0) return 'nobody was seen to ask for what the version no longer has';
      const names = gone.map(({ name, removedIn }) => `${name} (gone in ${removedIn})`).toSorted();
      return {
        why: `the API server was asked for ${names.join(', ')}`,
        hint: 'find out who asks for it, by the audit log, and upgrade that first: https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
      };
    },
  }),
  check({
    name: 'EtcdFlags',
    facts: { api: apiState },
    judge: ({ api }) => {
      const isMet = minorNumber(cluster.kubernetes.version) < EXPERIMENTAL.goneIn;
      if (isMet || api.state !== 'ready' || !isUpgraded(api, cluster)) return 'etcd knows its flags';
      const names = flagsOf(valueAt(readConfiguration(api.clusterConfiguration), ETCD_ARGUMENTS));
      const gone = names.filter((name) => name.startsWith(EXPERIMENTAL.prefix));
      if (gone.length === 0) return 'etcd knows its flags';
      return {
        why: `etcd is given ${gone.join(', ')}, with which that of Kubernetes 1.${EXPERIMENTAL.goneIn} does not start`,
        hint: 'give it the flags without "experimental-", where there still are such: kubeadm-config, and etcd.extraArgs of the inventory',
      };
    },
  }),
];

const ETCD_ARGUMENTS = ['etcd', 'local', 'extraArgs'];

/** Extra arguments are a map up to v1beta3, and a list from v1beta4 on. */
const flagsOf = (found: Json): readonly string[] =>
  Array.isArray(found)
    ? (found as readonly { readonly name: string }[]).map(({ name }) => name)
    : Object.keys((found as object | null) ?? {});

/** Whether a control plane is to be upgraded that can be: of one that is off, nothing can. */
const isUpgraded = ({ nodes }: ApiReady, { hosts, kubernetes: { version } }: Cluster): boolean =>
  hosts.some(({ name, role }) => {
    const node = role === 'control-plane' ? nodes[name] : undefined;
    return node !== undefined && node.isReady && !reports(node, version);
  });

/** By number, part by part; `3.6.5-0` counts as 3.6.5. */
export function isOlder(version: string, other: string): boolean {
  const [left = [], right = []] = [version, other].map((text) => text.split('-')[0]?.split('.').map(Number));
  const index = left.findIndex((part, at) => part !== right[at]);
  return index >= 0 && (left[index] ?? 0) < (right[index] ?? 0);
}
