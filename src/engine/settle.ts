import type { Listener } from '#core/event.ts';
import type { Answers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import { refOf } from '#core/plan.ts';
import { describeDifferences, type Outcome } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import type { Watch } from '#core/watch.ts';

import { answersFor } from './decide.ts';
import { WaitedInVain } from './failure.ts';
import { LONGEST_PAUSE_MS, pauseOrChange, type Telling } from './shared-watches.ts';

/** How often answers that need time to settle are asked again. */
const PAUSE_MS = 500;
/** How often a wait is reported again while it stays the same. */
const REPORT_AGAIN_MS = 10_000;

export interface SettleContext {
  /** Asks again, and decides. */
  readonly look: (left: Outcome) => Promise<{ readonly answers: Answers; readonly outcome: Outcome }>;
  /** Takes steps that help. */
  readonly take: (steps: readonly Step[]) => Promise<unknown>;
  /** Opens what tells of changes; undefined where nothing does. */
  readonly watch: (wanted: Watch) => Telling | undefined;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

/**
 * Looks again until nothing is left to do, and resolves to why that is; for as long as the resource may take to settle, or until its answers
 * show that it never will.
 *
 * @param left what the last look wanted.
 * @throws {WaitedInVain} that says what is still not as wanted, and why.
 */
export async function settle(node: GraphNode, left: Outcome, context: SettleContext): Promise<string> {
  const { watch } = node.resource.settle;
  const telling = watch && context.watch(watch);
  try {
    return await settleWith(node, left, telling, context);
  } finally {
    telling?.close();
  }
}

async function settleWith(
  node: GraphNode,
  left: Outcome,
  telling: Telling | undefined,
  context: SettleContext,
): Promise<string> {
  const { signal } = context;
  const { timeoutMs, pauseMs = PAUSE_MS, looks = 1, patienceMs = 0, hopeless } = node.resource.settle;
  let { remedy } = node.resource.settle;
  const startedAt = performance.now();
  const say = speaker(node, context.listener);
  const [hopelessFor, badFor] = [duration(), duration()];
  let rightLooks = 0;
  /** For how long a look may be put off. */
  let patientMs = Math.min(LONGEST_PAUSE_MS, timeoutMs);
  for (let outcome = left; ;) {
    rightLooks = outcome.answer === 'none' ? rightLooks + 1 : 0;
    if (outcome.answer === 'none') {
      if (rightLooks >= looks) return outcome.why;
    } else {
      const waitedMs = performance.now() - startedAt;
      if (waitedMs >= timeoutMs) throw notConverged(node, outcome, waitedMs);
      say(describeLeft(outcome));
    }
    await pauseOrChange(pauseMs, outcome.answer === 'none' ? undefined : telling, patientMs, signal);
    const look = await context.look(outcome);
    outcome = look.outcome;
    const answers = answersFor(node, look.answers);
    const isOpen = outcome.answer !== 'none';
    const why = isOpen ? hopeless?.(answers) : undefined;
    const hopelessMs = hopelessFor(why !== undefined);
    if (why !== undefined && hopelessMs >= patienceMs) throw new WaitedInVain(why, node.runsOn, NO_USE);
    const steps = isOpen ? (remedy?.steps(answers) ?? []) : [];
    const badMs = badFor(steps.length > 0);
    const limitsMs = [
      startedAt + timeoutMs - performance.now(),
      ...(hopelessMs < 0 ? [] : [patienceMs - hopelessMs]),
      ...(remedy === undefined || badMs < 0 ? [] : [remedy.afterMs - badMs]),
    ];
    patientMs = Math.min(LONGEST_PAUSE_MS, ...limitsMs);
    if (remedy === undefined || badMs < remedy.afterMs) continue;
    await context.take(steps);
    remedy = undefined;
  }
}

/** For how long something has been so, one look after the other, in ms; -1 where it is not so. */
function duration(): (isSo: boolean) => number {
  let since: number | undefined;
  return (isSo) => {
    since = isSo ? (since ?? performance.now()) : undefined;
    return since === undefined ? -1 : performance.now() - since;
  };
}

/** What is not as wanted, as one line for each thing. */
export const describeLeft = (outcome: Outcome): string =>
  outcome.answer === 'change' ? describeDifferences(outcome.differences) : outcome.why;

/** Reports what is waited for: when it changes, and again after a while. */
function speaker(node: GraphNode, listener: Listener): (what: string) => void {
  const { timeoutMs } = node.resource.settle;
  let said = '';
  let saidAt = 0;
  return (what) => {
    if (what === said && performance.now() - saidAt < REPORT_AGAIN_MS) return;
    listener({ event: 'node-waiting', node: refOf(node), what, timeoutMs });
    said = what;
    saidAt = performance.now();
  };
}

function notConverged({ runsOn }: GraphNode, left: Outcome, waitedMs: number): WaitedInVain {
  const waited = waitedMs < 1000 ? '' : ` after ${Math.round(waitedMs / 1000)} s of waiting`;
  const isComing = left.answer === 'change' && left.steps.length === 0;
  const check = 'check' in left ? left.check : undefined;
  const ignoring = check === undefined ? '' : `, or go on without it: ignoreChecks: [${check}]`;
  return new WaitedInVain(
    `${isComing ? 'it' : 'its steps ended well, yet it'} is not as wanted${waited}: ${describeLeft(left)}`,
    runsOn,
    `something on ${runsOn} ${isComing ? 'keeps it from coming' : 'undoes it'}, or it needs longer; look there before running again${ignoring}`,
  );
}

const NO_USE = 'waiting longer would not help; mend that and run again';
