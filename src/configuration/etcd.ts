import { EXTERNAL_ETCD_FILES } from '#catalog/etcd-paths.ts';
import type { Etcd } from '#core/kubernetes.ts';
import type { HostFile, HostFileSource } from '#core/host-file.ts';
import type { JsonObject } from '#core/json.ts';

import { AUTHORITIES, KUBEADM_CERTIFICATES, type KubeadmCertificate } from './kubeadm-certificates.ts';
import { CONTROL_PLANE_FILES, type ControlPlaneFile, IRREPLACEABLE } from './kubeadm-files.ts';

/** What depends on the etcd of a cluster. */
interface OfEtcd {
  readonly kubernetes: { readonly etcd: Etcd };
}

/** Whether it is somebody else's, and no control plane has a member of it. */
export const isExternal = ({ kubernetes: { etcd } }: OfEtcd): boolean => etcd.type === 'external';

/** What is there of a member once it has begun; undefined where control planes have none. */
export const memberData = ({ kubernetes: { etcd } }: OfEtcd): string | undefined =>
  etcd.type === 'external' ? undefined : `${etcd.dataDir}/member`;

/** What kubeadm's ClusterConfiguration says of it, but for flags. */
export const etcdConfiguration = (etcd: Etcd): JsonObject =>
  etcd.type === 'stacked'
    ? { dataDir: etcd.dataDir }
    : {
        endpoints: etcd.endpoints,
        caFile: EXTERNAL_ETCD_FILES.ca,
        certFile: EXTERNAL_ETCD_FILES.cert,
        keyFile: EXTERNAL_ETCD_FILES.key,
      };

/** Where kubeadm has what is for etcd alone. */
const OF_ETCD = /\/(etcd\/[^/]+|etcd\.yaml|apiserver-etcd-client\.(crt|key))$/;

/** With an external etcd, kubeadm makes nothing that is for etcd, and cannot sign for it. */
const kept = <Item>(cluster: OfEtcd, all: readonly Item[], pathOf: (one: Item) => string): readonly Item[] =>
  isExternal(cluster) ? all.filter((one) => !OF_ETCD.test(pathOf(one))) : all;

/** The files of a finished control plane that kubeadm can make again. */
export const controlPlaneFilesOf = (cluster: OfEtcd): readonly ControlPlaneFile[] =>
  kept(cluster, CONTROL_PLANE_FILES, ({ path }) => path);

/** Those that nobody can make again. */
export const irreplaceableOf = (cluster: OfEtcd): readonly string[] =>
  kept(cluster, IRREPLACEABLE, (path) => path);

/** The certificates that kubeadm renews. */
export const certificatesOf = (cluster: OfEtcd): readonly KubeadmCertificate[] =>
  kept(cluster, KUBEADM_CERTIFICATES, ({ path }) => path);

/** The authorities by which kubeadm signs them. */
export const authoritiesOf = (cluster: OfEtcd): readonly string[] =>
  kept(cluster, AUTHORITIES, (path) => path);

/** What control planes reach an external etcd with. */
export const etcdClientFiles = ({ kubernetes: { etcd } }: OfEtcd): readonly HostFile[] =>
  etcd.type === 'stacked'
    ? []
    : [
        clientFile(EXTERNAL_ETCD_FILES.ca, { localFile: etcd.caFile }),
        clientFile(EXTERNAL_ETCD_FILES.cert, { localFile: etcd.certFile }),
        { ...clientFile(EXTERNAL_ETCD_FILES.key, etcd.key), mode: 0o600 },
      ];

const clientFile = (path: string, source: HostFileSource): HostFile => ({
  path,
  source,
  mode: 0o644,
  owner: 'root:root',
});

/** How the etcd of a cluster is told to people. */
export const describeEtcd = (etcd: Etcd): string =>
  etcd.type === 'stacked' ? 'stacked on the control planes' : `external at ${etcd.endpoints.join(', ')}`;
