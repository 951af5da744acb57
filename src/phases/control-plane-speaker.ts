import { type Cluster, controlPlanesOf } from '#core/cluster.ts';
import type { Answers } from '#core/fact.ts';
import type { Speaker } from '#core/workflow.ts';
import { type ApiState, apiState } from '#facts/api.ts';

/** Who is asked about the cluster: the first control plane of the inventory, or another that answers. */
export const controlPlaneSpeaker: Speaker = {
  candidates: (cluster: Cluster) => controlPlanesOf(cluster).map(({ name }) => name),
  fact: apiState,
  isAnswering: (answer) => (answer as ApiState).state === 'ready',
};

/** The names of the nodes, where a host has answered for the cluster. */
export function nodesIn(answers: Answers): readonly string[] | undefined {
  const states = Object.values(answers).map((own) => own[apiState.family.name]?.[apiState.key] as ApiState);
  const ready = states.find((state) => state?.state === 'ready');
  return ready === undefined ? undefined : Object.keys(ready.nodes);
}
