import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { nodeReady } from '#resources/node-metadata.ts';

/** The proof: what was built is seen to work. */
export const verify: Phase = {
  name: 'verify',
  summary: 'every node is registered and Ready',
  needs: ({ cluster }) => ['nodes', { host: firstControlPlane(cluster).name, phase: 'network' }],
  resources: ({ cluster, host }) => [
    { resource: nodeReady(cluster, host), runsOn: firstControlPlane(cluster).name },
  ],
};
