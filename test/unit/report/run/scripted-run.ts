import type { Failure, NodeResult, RunEvent, RunReport } from '#core/event.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import { refOf } from '../plan/fixture-plan.ts';

export interface TimedEvent {
  readonly atMs: number;
  readonly event: RunEvent;
}

export interface Script {
  /** How long a node takes. */
  readonly elapsedMs: (node: PlanNode) => number;
  /** Why it fails, where it does. */
  readonly failure?: (node: PlanNode) => Failure | undefined;
  /** Lines it prints on its way, evenly. */
  readonly lines?: (node: PlanNode) => readonly string[];
}

const isWork = ({ outcome }: PlanNode): boolean =>
  outcome.answer === 'change' || outcome.answer === 'deferred';

/**
 * The events of a run as the engine would send them, from a plan and how its nodes behave: on each host one
 * after the other, on all hosts at once. What follows a failure on its host is skipped.
 */
export function scriptedRun(plan: Plan, { elapsedMs, failure, lines }: Script): readonly TimedEvent[] {
  const timeline: TimedEvent[] = [{ atMs: 0, event: { event: 'run-started', plan } }];
  const report = {
    changed: 0,
    failed: [] as { node: ReturnType<typeof refOf>; failure: Failure }[],
    skipped: [] as { node: ReturnType<typeof refOf>; because: string }[],
    paused: [],
    afterwards: [],
    restarts: [] as { host: string; unit: string }[],
  };
  let endMs = 0;
  for (const [, own] of Map.groupBy(plan.nodes.filter(isWork), ({ host }) => host)) {
    let nowMs = 0;
    let failed: PlanNode | undefined;
    for (const node of own) {
      const ref = refOf(node);
      if (failed !== undefined) {
        const because = `${failed.id} failed`;
        const result: NodeResult = { result: 'skipped', because, waitedFor: refOf(failed) };
        timeline.push({ atMs: nowMs, event: { event: 'node-finished', node: ref, result, elapsedMs: 0 } });
        report.skipped.push({ node: ref, because });
        continue;
      }
      const summary =
        node.outcome.answer === 'change' ? (node.outcome.steps[0]?.summary ?? '') : 'looking again';
      timeline.push({ atMs: nowMs, event: { event: 'node-started', node: ref, summary } });
      const took = elapsedMs(node);
      const said = lines?.(node) ?? [];
      for (const [nth, line] of said.entries()) {
        const atMs = nowMs + (took * (nth + 1)) / (said.length + 1);
        timeline.push({ atMs, event: { event: 'node-progress', node: ref, line } });
      }
      nowMs += took;
      const why = failure?.(node);
      const units = node.outcome.answer === 'change' ? (node.outcome.restarts ?? []) : [];
      const result: NodeResult =
        why === undefined ? { result: 'changed', restarts: units } : { result: 'failed', failure: why };
      timeline.push({ atMs: nowMs, event: { event: 'node-finished', node: ref, result, elapsedMs: took } });
      if (why === undefined) {
        report.changed += 1;
        report.restarts.push(...units.map((unit) => ({ host: node.host, unit })));
      } else {
        failed = node;
        report.failed.push({ node: ref, failure: why });
      }
    }
    endMs = Math.max(endMs, nowMs);
  }
  const final: RunReport = {
    ...report,
    unchanged: 0,
    unreachable: [],
    left: [],
    unrevoked: [],
    criticalPath: [],
    elapsedMs: endMs,
  };
  timeline.push({ atMs: endMs + 500, event: { event: 'run-finished', report: final } });
  return timeline.toSorted((left, right) => left.atMs - right.atMs);
}
