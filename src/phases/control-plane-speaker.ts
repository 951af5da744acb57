import { type Cluster, controlPlanesOf } from '#core/cluster.ts';
import type { Speaker } from '#core/workflow.ts';
import { type ApiState, apiState } from '#facts/api.ts';

/** Who is asked about the cluster: the first control plane of the inventory, or another that answers. */
export const controlPlaneSpeaker: Speaker = {
  candidates: (cluster: Cluster) => controlPlanesOf(cluster).map(({ name }) => name),
  fact: apiState,
  isAnswering: (answer) => (answer as ApiState).state === 'ready',
};
