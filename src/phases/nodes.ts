import { CLUSTER } from '#core/fact.ts';
import type { Phase } from '#core/phase.ts';
import { gpuNode } from '#resources/cluster/gpu-node.ts';
import { runtimeClasses } from '#objects/runtime-classes.ts';
import { manifest } from '#resources/cluster/manifest.ts';
import { nodeLabels, nodeTaints } from '#resources/cluster/owned-metadata.ts';
import { isNodeMarked, nodeMarks } from '#resources/cluster/node-marks.ts';
import { isServingBootstrapped, servingCertificate } from '#resources/cluster/serving-certificate.ts';
import { strayNodes } from '#resources/cluster/stray-nodes.ts';

/** What the cluster knows about each node, beside what the node itself reports. */
export const nodes: Phase = {
  name: 'nodes',
  summary:
    'labels, taints and serving certificates; nodes that no host of the inventory stands for are named',
  needs: () => ['control-plane', 'join'],
  resources: ({ cluster, host }) =>
    [
      ...(isNodeMarked(cluster, host) ? [nodeMarks(cluster, host)] : []),
      nodeLabels(cluster, host),
      nodeTaints(cluster, host),
      // Whoever brings the toolkit finds the nodes, and labels them.
      ...(host.gpu === false || cluster.gpu.toolkit === null ? [] : [gpuNode(cluster, host)]),
      ...(isServingBootstrapped(cluster, host) ? [servingCertificate(cluster, host)] : []),
    ].map((resource) => ({ resource, runsOn: CLUSTER })),
  forCluster: ({ cluster }) => {
    const classes = runtimeClasses(cluster);
    return [
      strayNodes(cluster),
      ...(classes === '' ? [] : [manifest({ name: 'runtime-classes', content: classes })]),
    ];
  },
};
