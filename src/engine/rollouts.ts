import type { Graph, GraphNode } from '#core/graph.ts';
import type { Plan, PlanNode, Rollout } from '#core/plan.ts';
import type { TurnOrder } from '#core/resource.ts';

/** How many of the hosts may lose a daemon's service at the same time, beyond the first: one in ten. */
const SHARE = 10;

/** By the daemon's name: the nodes of a plan that change it, by the host that they are about. */
export type DaemonWork = Map<string, OneDaemon>;

interface OneDaemon {
  readonly order: TurnOrder | undefined;
  readonly byHost: Map<string, PlanNode[]>;
}

/** Notes a node that changes a daemon, or may do so. */
export function noteDaemonWork(work: DaemonWork, { resource }: GraphNode, node: PlanNode): void {
  const { daemon } = resource;
  if (daemon === undefined || (node.outcome.answer !== 'change' && node.outcome.answer !== 'deferred'))
    return;
  const one = work.get(daemon.name) ?? { order: daemon.order, byHost: new Map<string, PlanNode[]>() };
  work.set(daemon.name, one);
  const nodes = one.byHost.get(node.host) ?? [];
  one.byHost.set(node.host, nodes);
  nodes.push(node);
}

/**
 * Who restarts a daemon when: first hosts that a run has left with a daemon that is not well, then one worker, then the others in batches,
 * then control planes one by one, and last the one through which the cluster is asked. A daemon that does not run yet is started on all hosts at once.
 */
export function rolloutsOf(work: DaemonWork, graph: Graph): readonly Rollout[] {
  const { controlPlanes, clusterHost } = graph;
  return [...work].flatMap(([daemon, { order, byHost }]): readonly Rollout[] => {
    if (order !== undefined) return inOrder(daemon, order, byHost, graph);
    const hosts = [...byHost].filter(([, nodes]) => nodes.some(isRestart)).map(([host]) => host);
    if (hosts.length < 2) return [];
    const unwell = hosts.filter((host) => byHost.get(host)?.some(isUnwell));
    const well = hosts.filter((host) => !unwell.includes(host));
    const workers = well.filter((host) => !controlPlanes.includes(host));
    const others = controlPlanes.filter((host) => host !== clusterHost && well.includes(host));
    const last = well.includes(clusterHost) ? [clusterHost] : [];
    const size = Math.ceil(workers.length / SHARE);
    const [first, ...rest] = workers;
    return [
      {
        daemon,
        batches: [
          ...(unwell.length > 0 ? [unwell] : []),
          ...(first === undefined ? [] : [[first]]),
          ...chunks(rest, size),
          ...[...others, ...last].map((host) => [host]),
        ],
      },
    ];
  });
}

/** Workers that have the least left to do come first: an earlier run has begun with them. */
function inOrder(
  daemon: string,
  { workersAtOnce }: TurnOrder,
  byHost: ReadonlyMap<string, readonly PlanNode[]>,
  { controlPlanes }: Graph,
): readonly Rollout[] {
  if (byHost.size < 2) return [];
  const leftOn = (host: string): number => byHost.get(host)?.length ?? 0;
  const workers = [...byHost.keys()]
    .filter((host) => !controlPlanes.includes(host))
    .toSorted((left, right) => leftOn(left) - leftOn(right));
  const batches = [
    ...controlPlanes.filter((host) => byHost.has(host)).map((host) => [host]),
    ...chunks(workers, workersAtOnce),
  ];
  return [{ daemon, batches }];
}

const isRestart = ({ outcome }: PlanNode): boolean =>
  outcome.answer === 'change' && (outcome.restarts ?? []).length > 0;

/** It may come up by itself, and is restarted if not: nothing is lost there by being first. */
const isUnwell = (node: PlanNode): boolean =>
  isRestart(node) && node.outcome.answer === 'change' && node.outcome.steps.length === 0;

const chunks = (hosts: readonly string[], size: number): readonly (readonly string[])[] =>
  hosts.flatMap((_, index) => (index % size === 0 ? [hosts.slice(index, index + size)] : []));

/** Ids of the nodes of the batch before; hosts of a batch share one list. */
export type Turn = readonly string[];

/** By the id of the first node that changes a daemon on a host: what the host waits for before that. */
export function turnsOf({ rollouts = [], nodes }: Plan, graph: Graph): ReadonlyMap<string, Turn> {
  const turns = new Map<string, Turn>();
  if (rollouts.length === 0) return turns;
  const work: DaemonWork = new Map();
  const planned = new Map(nodes.map((node) => [node.id, node]));
  for (const node of graph.nodes) {
    const found = planned.get(node.id);
    if (found !== undefined) noteDaemonWork(work, node, found);
  }
  for (const { daemon, batches } of rollouts) {
    const nodesOn = (host: string): readonly PlanNode[] => work.get(daemon)?.byHost.get(host) ?? [];
    for (const [index, batch] of batches.entries()) {
      const before = (batches[index - 1] ?? []).flatMap((host) => nodesOn(host).map(({ id }) => id));
      for (const first of batch.flatMap((host) => nodesOn(host).slice(0, 1))) turns.set(first.id, before);
    }
  }
  return turns;
}
