import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { nodeLabels, nodeTaints } from '#resources/node-metadata.ts';

/** What the cluster knows of each node beyond what the node says itself. */
export const nodes: Phase = {
  name: 'nodes',
  summary: 'labels and taints',
  needs: () => ['control-plane', 'join'],
  resources: ({ cluster, host }) => {
    const resources: readonly Resource[] = [
      ...(Object.keys(host.labels).length > 0 ? [nodeLabels(cluster, host)] : []),
      ...(host.taints.length > 0 ? [nodeTaints(cluster, host)] : []),
    ];
    return resources.map((resource) => ({ resource, runsOn: firstControlPlane(cluster).name }));
  },
};
