import type { Graph, GraphNode } from '#core/graph.ts';

/** A host with its nodes by phase, in the order of the graph. */
export interface GraphHost {
  readonly host: string;
  readonly phases: readonly { readonly phase: string; readonly nodes: readonly GraphNode[] }[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** Nodes by host and phase, with ids that every notation allows, and the edges between them. */
export interface GraphModel {
  readonly hosts: readonly GraphHost[];
  readonly edges: readonly GraphEdge[];
  /** A short id of letters and digits. */
  readonly idOf: (id: string) => string;
}

export function graphModel({ nodes, phases }: Graph): GraphModel {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const byHost = Map.groupBy(nodes, ({ host }) => host);
  return {
    hosts: [...byHost].map(([host, own]) => ({
      host,
      phases: phases.flatMap((phase) => {
        const inPhase = own.filter((node) => node.phase === phase);
        return inPhase.length === 0 ? [] : [{ phase, nodes: inPhase }];
      }),
    })),
    // A need that is not in the graph was left out by a selection of hosts or phases.
    edges: nodes.flatMap(({ id, needs }) =>
      needs.filter((need) => ids.has(need)).map((need) => ({ from: need, to: id })),
    ),
    idOf: (id) => ids.get(id) ?? id,
  };
}

/** What a node is called inside its host and phase. */
export const labelOf = ({ resource, host, runsOn }: GraphNode): string =>
  runsOn === host ? resource.address : `${resource.address} (on ${runsOn})`;
