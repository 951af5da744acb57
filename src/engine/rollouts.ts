import type { Graph, GraphNode } from '#core/graph.ts';
import type { Plan, PlanNode, Rollout } from '#core/plan.ts';

/** How many of the hosts may lose a daemon's service at the same time, beyond the first: one in ten. */
const SHARE = 10;

/** The nodes of a plan that change a daemon, by the daemon's name, then by the host it runs on. */
export type DaemonWork = Map<string, Map<string, PlanNode[]>>;

/** Notes a node that changes a daemon, or may do so. */
export function noteDaemonWork(work: DaemonWork, { resource }: GraphNode, node: PlanNode): void {
  const { daemon } = resource;
  if (daemon === undefined || (node.outcome.answer !== 'change' && node.outcome.answer !== 'deferred'))
    return;
  const byHost = work.get(daemon.name) ?? new Map<string, PlanNode[]>();
  work.set(daemon.name, byHost);
  const nodes = byHost.get(node.runsOn) ?? [];
  byHost.set(node.runsOn, nodes);
  nodes.push(node);
}

/**
 * Who restarts a daemon when: first hosts that a run has left with a daemon that is not well, then one worker, then the others in batches,
 * then control planes one by one, and last the one through which the cluster is asked. A daemon that does not run yet is started on all hosts at once.
 */
export function rolloutsOf(work: DaemonWork, { controlPlanes, clusterHost }: Graph): readonly Rollout[] {
  return [...work].flatMap(([daemon, byHost]): readonly Rollout[] => {
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
    const nodesOn = (host: string): readonly PlanNode[] => work.get(daemon)?.get(host) ?? [];
    for (const [index, batch] of batches.entries()) {
      const before = (batches[index - 1] ?? []).flatMap((host) => nodesOn(host).map(({ id }) => id));
      for (const first of batch.flatMap((host) => nodesOn(host).slice(0, 1))) turns.set(first.id, before);
    }
  }
  return turns;
}
