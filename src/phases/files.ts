import { componentFiles, isIn } from '#checks/preflight/named-files.ts';
import { externalEtcdChecks } from '#checks/preflight/external-etcd.ts';
import { EXTERNAL_ETCD_FILES } from '#catalog/etcd-paths.ts';
import { etcdClientFiles } from '#configuration/etcd.ts';
import { SCHEDULER_CONFIGURATION, schedulerConfiguration } from '#configuration/scheduler-configuration.ts';
import type { ArtifactRef } from '#core/artifact.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import type { HostFileSource } from '#core/host-file.ts';
import { hostFile } from '#resources/files/host-file.ts';
import { ownFile } from '#resources/files/own-file.ts';

/** Files of the operator's, which kubeadm and what it starts may need. */
export const files: Phase = {
  name: 'files',
  summary: 'files of yours that the inventory puts on hosts, and what they reach an external etcd with',
  // Packages bring users and groups that files may belong to.
  needs: () => ['preflight', 'host'],
  common: ({ cluster, host, artifacts }) => {
    const named = host.role === 'control-plane' && host.files.length > 0 ? componentFiles(cluster) : [];
    const { config } = cluster.kubernetes.scheduler;
    return [
      ...(host.role === 'control-plane' && config !== undefined
        ? [ownFile(SCHEDULER_CONFIGURATION, schedulerConfiguration(config))]
        : []),
      ...host.files.map((one) =>
        hostFile(one, artifacts, [
          ...new Set(named.flatMap(({ path, reader }) => (isIn(one.path, path) ? [reader] : []))),
        ]),
      ),
      // An API server reads the certificate and the key for each connection, and the authority when it starts.
      ...(host.role === 'control-plane' ? etcdClientFiles(cluster) : []).map((one) =>
        hostFile(one, artifacts, one.path === EXTERNAL_ETCD_FILES.ca ? ['kube-apiserver'] : []),
      ),
    ];
  },
  resources: ({ cluster, host, artifacts }, common) => {
    const { etcd } = cluster.kubernetes;
    return host.role === 'control-plane' && etcd.type === 'external'
      ? [...common, ...externalEtcdChecks(cluster, etcd, host, artifacts)]
      : common;
  },
  artifacts: (cluster) =>
    sourcesOf(cluster).flatMap((source) => ('localFile' in source ? [localText(source.localFile)] : [])),
  secrets: (cluster) =>
    sourcesOf(cluster).flatMap((source) =>
      'secret' in source ? [{ name: source.secret, value: source.value }] : [],
    ),
};

/** Each once, however many hosts have it. */
function sourcesOf(cluster: Cluster): readonly HostFileSource[] {
  const sources = new Map<string, HostFileSource>();
  for (const { files: all } of [...cluster.hosts, { files: etcdClientFiles(cluster) }]) {
    for (const { source } of all) {
      if ('localFile' in source) sources.set(source.localFile, source);
      if ('secret' in source) sources.set(source.secret, source);
    }
  }
  return [...sources.values()];
}

/** What a look at a host shows of a file: a larger one could not be compared. */
const LIMIT_BYTES = 262_144;

export const localText = (location: string): ArtifactRef => ({
  location,
  pin: 'local',
  faultIn: (text) => {
    if (Buffer.byteLength(text) > LIMIT_BYTES) return 'it is larger than 256 KiB';
    return /[\0\uFFFD]/.test(text) ? 'it is not text in UTF-8' : undefined;
  },
});
