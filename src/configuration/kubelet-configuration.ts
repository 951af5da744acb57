import { minorNumber } from '#catalog/kubernetes.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';

import { KUBEADM_FILES } from './kubeadm-files.ts';
import { readConfiguration } from './stored-configuration.ts';

export const KUBELET_CONFIG_PATH = KUBEADM_FILES.kubeletConfiguration;

/**
 * Where kubeadm looks for changes to what it writes.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/control-plane-flags/#patches (v1.34)
 */
export const PATCHES_DIRECTORY = '/etc/kubernetes/patches';
export const PATCH_PATH = `${PATCHES_DIRECTORY}/kubeletconfiguration+merge.yaml`;

/** Fields of KubeletConfiguration that the inventory has for a host. */
export const settingsOf = ({ kubernetes }: Cluster, host: HostKind): JsonObject =>
  mergeObjects(kubernetes.kubelet, host.kubelet);

/** Whether kubeadm has something to patch of a host's kubelet. */
export const hasKubeletPatch = (cluster: Cluster, host: HostKind): boolean =>
  Object.keys(settingsOf(cluster, host)).length > 0;

/** The configuration in a file; undefined where there is no file, or it cannot be read. */
export function parsed(content: string | null): JsonObject | undefined {
  if (content === null) return undefined;
  try {
    return readConfiguration(content);
  } catch {
    return undefined;
  }
}

/** Whether a kubelet signs its own serving certificate: by default it does. */
export function isSelfServing(cluster: Cluster, host: HostKind): boolean {
  const settings = settingsOf(cluster, host);
  return settings['serverTLSBootstrap'] !== true && settings['tlsCertFile'] === undefined;
}

/**
 * Whether kubeadm keeps the runtime's socket in a file of the host, and not in an annotation of its node.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/features/features.go (NodeLocalCRISocket)
 */
export const hasInstanceConfiguration = ({ kubernetes: { version, featureGates } }: Cluster): boolean =>
  minorNumber(version) >= 34 && featureGates['NodeLocalCRISocket'] !== false;
