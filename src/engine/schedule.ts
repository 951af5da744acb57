import type { NodeResult } from '#core/event.ts';
import type { PlanNode } from '#core/plan.ts';

export interface Schedule {
  readonly nodes: readonly PlanNode[];
  /** Why a host takes no part, where one could not be reached. */
  readonly missing: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  /** Does one node; it never throws. */
  readonly run: (node: PlanNode) => Promise<NodeResult>;
}

export const INTERRUPTED: NodeResult = { result: 'skipped', because: 'the run was interrupted' };

/**
 * Walks the graph: every node starts as soon as all it needs are done. What needs a failed node is skipped,
 * with the failure it comes from; everything else goes on.
 */
export async function runSchedule(schedule: Schedule): Promise<ReadonlyMap<string, NodeResult>> {
  const started = new Map<string, Promise<NodeResult>>();
  const results = new Map<string, NodeResult>();
  for (const node of schedule.nodes) {
    const task = runAfterNeeds(node, started, schedule).then((result) => {
      results.set(node.id, result);
      return result;
    });
    started.set(node.id, task);
  }
  await Promise.all(started.values());
  return results;
}

async function runAfterNeeds(
  node: PlanNode,
  started: ReadonlyMap<string, Promise<NodeResult>>,
  { missing, signal, run }: Schedule,
): Promise<NodeResult> {
  for (const need of node.needs) {
    const task = started.get(need);
    const because = task === undefined ? absence(need, missing) : obstacle(need, await task);
    if (because !== undefined) return { result: 'skipped', because };
  }
  if (signal.aborted) return INTERRUPTED;
  return run(node);
}

/** A need that is not in the plan stands in the way only when its host could not be asked. */
function absence(need: string, missing: ReadonlyMap<string, string>): string | undefined {
  const host = need.slice(0, need.indexOf('/'));
  return missing.has(host) ? `${host} could not be reached` : undefined;
}

function obstacle(need: string, result: NodeResult): string | undefined {
  if (result.result === 'failed') return `${need} failed`;
  return result.result === 'skipped' ? result.because : undefined;
}
