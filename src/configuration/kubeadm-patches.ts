import { stringify } from 'yaml';

import type { Cluster, HostKind } from '#core/cluster.ts';
import type { StaticPodPatch } from '#core/kubernetes.ts';

import { hasKubeletPatch, PATCHES_DIRECTORY } from './kubelet-configuration.ts';

/** Begins the files of patches, by which they are known when the inventory has them no more. */
export const PATCH_MARK = '# Written by slipway: kubernetes.patches';
export const PATCH_FILES = `${PATCHES_DIRECTORY}/*.yaml`;

export interface PatchFile {
  readonly path: string;
  readonly content: string;
  readonly target: StaticPodPatch['target'];
}

/** Files that kubeadm reads in the order of their names, each for the target that its name begins with. */
export const patchFiles = ({ kubernetes }: Cluster): readonly PatchFile[] =>
  kubernetes.patches.map(({ target, type, content }, index) => ({
    path: `${PATCHES_DIRECTORY}/${target}${String(index).padStart(3, '0')}+${type}.yaml`,
    content: `${PATCH_MARK}\n${stringify(content, { lineWidth: 0 })}`,
    target,
  }));

/** Whether kubeadm has something to patch on a host. */
export const hasPatches = (cluster: Cluster, host: HostKind): boolean =>
  hasKubeletPatch(cluster, host) || (host.role === 'control-plane' && cluster.kubernetes.patches.length > 0);
