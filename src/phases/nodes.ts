import { CLUSTER } from '#core/fact.ts';
import type { Phase } from '#core/phase.ts';
import { gpuNode } from '#resources/cluster/gpu-node.ts';
import { nodeLabels } from '#resources/cluster/node-labels.ts';
import { nodeTaints } from '#resources/cluster/node-taints.ts';

/** What the cluster knows about each node, beside what the node itself reports. */
export const nodes: Phase = {
  name: 'nodes',
  summary: 'labels and taints',
  needs: () => ['control-plane', 'join'],
  resources: ({ cluster, host }) =>
    [
      nodeLabels(cluster, host),
      nodeTaints(cluster, host),
      ...(host.gpu === false ? [] : [gpuNode(cluster, host)]),
    ].map((resource) => ({ resource, runsOn: CLUSTER })),
};
