import type { NodeRef, NodeResult, Skipped } from '#core/event.ts';
import { type PlanNode, refOf } from '#core/plan.ts';

export interface Schedule {
  readonly nodes: readonly PlanNode[];
  /** Nodes that are missing because a host could not be asked: the reason, by id. */
  readonly absent: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Does one node; it never throws. */
  readonly run: (node: PlanNode) => Promise<NodeResult>;
  /** Told of each node that is not begun. */
  readonly onSkipped: (node: NodeRef, result: Skipped) => void;
}

export const INTERRUPTED: Skipped = { result: 'skipped', because: 'the run was interrupted' };

/**
 * Walks the graph: every node starts as soon as all it needs are done. What needs a failed node is skipped,
 * with the failure it comes from; everything else goes on.
 */
export async function runSchedule(schedule: Schedule): Promise<ReadonlyMap<string, NodeResult>> {
  const started = new Map<string, Started>();
  const results = new Map<string, NodeResult>();
  for (const node of schedule.nodes) {
    const task = runAfterNeeds(node, started, schedule).then((result) => {
      results.set(node.id, result);
      return result;
    });
    started.set(node.id, { node, task });
  }
  await Promise.all([...started.values()].map(({ task }) => task));
  return results;
}

interface Started {
  readonly node: PlanNode;
  readonly task: Promise<NodeResult>;
}

async function runAfterNeeds(
  node: PlanNode,
  started: ReadonlyMap<string, Started>,
  { absent, signal, run, onSkipped }: Schedule,
): Promise<NodeResult> {
  const obstacle = await firstObstacle(
    node.needs.map(async (need) => {
      const found = started.get(need);
      return found === undefined ? absence(absent.get(need)) : obstacleOf(found.node, await found.task);
    }),
  );
  const skipped = obstacle ?? (signal.aborted ? INTERRUPTED : undefined);
  if (skipped === undefined) return run(node);
  onSkipped(refOf(node), skipped);
  return skipped;
}

/** Settles with the first obstacle there is, without waiting for the other needs; undefined when all are done. */
function firstObstacle(needs: readonly Promise<Skipped | undefined>[]): Promise<Skipped | undefined> {
  const { promise, resolve } = Promise.withResolvers<Skipped | undefined>();
  const all = needs.map(async (need) => {
    const obstacle = await need;
    if (obstacle !== undefined) resolve(obstacle);
  });
  void Promise.all(all).then(() => resolve(undefined));
  return promise;
}

/** A need that is not in the plan is an obstacle where its host could not be asked, and none where it was not selected. */
const absence = (why: string | undefined): Skipped | undefined =>
  why === undefined ? undefined : { result: 'skipped', because: why };

function obstacleOf(need: PlanNode, result: NodeResult): Skipped | undefined {
  if (result.result === 'failed') {
    return { result: 'skipped', because: `${need.id} failed`, waitedFor: refOf(need) };
  }
  return result.result === 'skipped' ? result : undefined;
}
