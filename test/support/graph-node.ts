import type { GraphNode } from '#core/graph.ts';
import type { Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import type { Workflow } from '#core/workflow.ts';
import { apiState } from '#facts/api.ts';

export interface NodePlace {
  readonly host: string;
  readonly phase: string;
  readonly runsOn?: string;
  readonly needs?: readonly string[];
}

/** A resource in its place, as the graph would have it. */
export const graphNode = (
  resource: Resource,
  { host, phase, runsOn = host, needs = [] }: NodePlace,
): GraphNode => ({
  id: `${host}/${phase}/${resource.address}`,
  host,
  runsOn,
  phase,
  address: resource.address,
  resource,
  facts: resource.facts,
  needs,
});

/** A workflow of these phases, for whose cluster the first host speaks, whatever it answers. */
export const workflowOf = (...phases: readonly Phase[]): Workflow => ({
  name: 'test',
  summary: 'what a test is about',
  phases,
  isDestructive: false,
  speaker: {
    candidates: ({ hosts }) => hosts.map(({ name }) => name),
    fact: apiState,
    isAnswering: () => true,
  },
});
