import { KUBELET_CONFIG_PATH, PATCH_PATH } from '#configuration/kubelet-configuration.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import { none, resource, type Resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';

import { diffPatch, patchText } from './kubelet-patch.ts';

/**
 * The record of what slipway has set on a node, so that it knows what to take away again. A setting is recorded before it
 * is made, and leaves the record after it is taken away: a run that is cut off loses nothing.
 */
export function kubeletRecord(cluster: Cluster, host: HostKind): Resource {
  const wanted = patchText(cluster, host);
  return resource({
    address: `file:${PATCH_PATH}`,
    facts: { patch: fileContent(PATCH_PATH), configuration: pathKind(KUBELET_CONFIG_PATH) },
    diff: ({ patch, configuration }) =>
      configuration === 'file' ? diffPatch(patch, wanted) : none('it is written before kubeadm is run'),
  });
}
