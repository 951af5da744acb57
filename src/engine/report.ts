import type { NodeResult, RunReport } from '#core/event.ts';
import { type Plan, type PlanNode, refOf } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';

import { criticalPath, type Timing } from './critical-path.ts';

interface ReportInput {
  readonly plan: Plan;
  readonly results: ReadonlyMap<string, NodeResult>;
  readonly left: readonly PlanNode[];
  /** Names of secrets that could not be revoked. */
  readonly unrevoked: readonly string[];
  /** Of each node that was worked on, by id. */
  readonly timings: ReadonlyMap<string, Timing>;
  readonly elapsedMs: number;
}

/** Sums a run up. */
export function makeReport({ plan, results, left, unrevoked, timings, elapsedMs }: ReportInput): RunReport {
  const done = plan.nodes.flatMap((node) => {
    const result = results.get(node.id);
    // A node that was right already misses nothing by being skipped.
    const isUnharmed = result?.result === 'skipped' && node.outcome.answer === 'none';
    return result === undefined || isUnharmed ? [] : [{ node: refOf(node), runsOn: node.runsOn, result }];
  });
  const skipped = (isPaused: boolean) =>
    done.flatMap(({ node, result }) =>
      result.result === 'skipped' && (result.isPaused ?? false) === isPaused
        ? [{ node, because: result.because }]
        : [],
    );
  return {
    changed: done.filter(({ result }) => result.result === 'changed').length,
    unchanged: done.filter(({ result }) => result.result === 'unchanged').length,
    failed: done.flatMap(({ node, result }) =>
      result.result === 'failed' ? [{ node, failure: result.failure }] : [],
    ),
    skipped: skipped(false),
    paused: skipped(true),
    unreachable: plan.hosts.flatMap(({ name, unreachable, hint }) =>
      unreachable === undefined
        ? []
        : [{ host: name, why: unreachable, ...(hint !== undefined && { hint }) }],
    ),
    left: left.map((node) => ({ node: refOf(node), why: whyLeft(node.outcome) })),
    restarts: done.flatMap(({ runsOn, result }) =>
      result.result === 'changed' ? result.restarts.map((unit) => ({ host: runsOn, unit })) : [],
    ),
    afterwards: plan.nodes.flatMap(({ id, host, outcome }) => {
      const isDone = results.get(id)?.result === 'changed';
      const texts = isDone && outcome.answer === 'change' ? (outcome.afterwards ?? []) : [];
      return texts.map((text) => ({ host, text }));
    }),
    unrevoked,
    criticalPath: criticalPath(plan.nodes, timings),
    elapsedMs,
  };
}

function whyLeft(outcome: Outcome): string {
  if (outcome.answer !== 'change') return outcome.why;
  return outcome.differences
    .map(({ what, from, to }) => `${what}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`)
    .join('; ');
}

/** True when everything that was to be done is done and proven. */
export const isSuccess = ({ failed, skipped, unreachable, left }: RunReport): boolean =>
  failed.length + skipped.length + unreachable.length + left.length === 0;
