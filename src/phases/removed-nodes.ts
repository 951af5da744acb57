import type { Phase } from '#core/phase.ts';
import { removedNode } from '#resources/removal/removed-node.ts';
import { CLUSTER } from '#core/fact.ts';

/** What the cluster knows of workers goes before their machines are reset; what it knows of itself goes with it. */
export const removedNodes: Phase = {
  name: 'removed-nodes',
  summary: 'the nodes of the workers deleted',
  hosts: 'all',
  needs: () => [],
  resources: ({ host }) =>
    host.role === 'worker' ? [{ resource: removedNode(host.name), runsOn: CLUSTER }] : [],
};
