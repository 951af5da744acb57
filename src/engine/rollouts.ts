import type { Skipped } from '#core/event.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Plan, PlanNode, Rollout, RolloutPause } from '#core/plan.ts';
import type { TurnOrder } from '#core/daemon.ts';

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
 * Where control planes come first, all hosts that have something to do take a turn.
 */
export function rolloutsOf(work: DaemonWork, graph: Graph): readonly Rollout[] {
  return [...work].flatMap(([daemon, one]): readonly Rollout[] => {
    const batches =
      one.order?.first === 'control-planes'
        ? controlPlanesFirst(one.order, one.byHost, graph)
        : workersFirst(one, graph);
    if (batches.flat().length < 2) return [];
    const pause = pauseOf(batches, one.order);
    return [{ daemon, batches, ...(pause !== undefined && { pause }) }];
  });
}

type Batches = readonly (readonly string[])[];

function workersFirst({ order, byHost }: OneDaemon, { controlPlanes, clusterHost }: Graph): Batches {
  const hosts = [...byHost].filter(([, nodes]) => nodes.some(isRestart)).map(([host]) => host);
  const unwell = hosts.filter((host) => byHost.get(host)?.some(isUnwell));
  const well = hosts.filter((host) => !unwell.includes(host));
  const workers = well.filter((host) => !controlPlanes.includes(host));
  const others = controlPlanes.filter((host) => host !== clusterHost && well.includes(host));
  const last = well.includes(clusterHost) ? [clusterHost] : [];
  const size = order?.workersAtOnce ?? Math.ceil(workers.length / SHARE);
  const [[first, ...rest] = [], ...stages] = staged(workers, order);
  return [
    ...(unwell.length > 0 ? chunks(unwell, order?.workersAtOnce ?? unwell.length) : []),
    ...(first === undefined ? [] : [[first]]),
    ...[rest, ...stages].flatMap((stage) => chunks(stage, size)),
    ...[...others, ...last].map((host) => [host]),
  ];
}

/** Workers that have the least left to do come first: an earlier run has begun with them. */
function controlPlanesFirst(
  order: TurnOrder,
  byHost: OneDaemon['byHost'],
  { controlPlanes }: Graph,
): Batches {
  const leftOn = (host: string): number => byHost.get(host)?.length ?? 0;
  const workers = [...byHost.keys()]
    .filter((host) => !controlPlanes.includes(host))
    .toSorted((left, right) => leftOn(left) - leftOn(right));
  return [
    ...controlPlanes.filter((host) => byHost.has(host)).map((host) => [host]),
    ...staged(workers, order).flatMap((stage) => chunks(stage, order.workersAtOnce)),
  ];
}

/** Workers in lists of which each comes before the next; in a list they keep their order. */
function staged(workers: readonly string[], order: TurnOrder | undefined): Batches {
  // The first stage that names a host counts.
  const stageOf = new Map(
    order?.stages.flatMap((hosts, stage) => hosts.map((host) => [host, stage] as const)).toReversed(),
  );
  const stages = Map.groupBy(workers, (host) => stageOf.get(host) ?? Infinity);
  return [...stages].toSorted(([left], [right]) => left - right).map(([, hosts]) => hosts);
}

/** After the last host that has something to do of those that the inventory names, where that is not the end. */
function pauseOf(batches: Batches, order: TurnOrder | undefined): RolloutPause | undefined {
  return order?.pauses
    .map(({ after, hosts }) => ({
      after,
      batches: batches.findLastIndex((batch) => batch.some((host) => hosts.includes(host))) + 1,
    }))
    .filter((pause) => pause.batches > 0 && pause.batches < batches.length)
    .toSorted((left, right) => left.batches - right.batches)[0];
}

const isRestart = ({ outcome }: PlanNode): boolean =>
  ('takesTurn' in outcome && outcome.takesTurn) ||
  (outcome.answer === 'change' && (outcome.restarts ?? []).length > 0);

/** It may come up by itself, and is restarted if not: nothing is lost there by being first. */
const isUnwell = (node: PlanNode): boolean =>
  isRestart(node) && node.outcome.answer === 'change' && node.outcome.steps.length === 0;

const chunks = (hosts: readonly string[], size: number): readonly (readonly string[])[] =>
  hosts.flatMap((_, index) => (index % size === 0 ? [hosts.slice(index, index + size)] : []));

/** Ids of the nodes of the batch before; hosts of a batch share one list. Or that the next run gives the turn. */
export type Turn = readonly string[] | Skipped;

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
  for (const { daemon, batches, pause } of rollouts) {
    const nodesOn = (host: string): readonly PlanNode[] => work.get(daemon)?.byHost.get(host) ?? [];
    for (const [index, batch] of batches.entries()) {
      const isPaused = pause !== undefined && index >= pause.batches;
      const before = isPaused
        ? paused(pause)
        : (batches[index - 1] ?? []).flatMap((host) => nodesOn(host).map(({ id }) => id));
      for (const first of batch.flatMap((host) => nodesOn(host).slice(0, 1))) turns.set(first.id, before);
    }
  }
  return turns;
}

const paused = ({ after }: RolloutPause): Skipped => ({
  result: 'skipped',
  because: `upgrade.pauseAfter: ${after}`,
  isPaused: true,
});
