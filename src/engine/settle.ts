import { setTimeout as sleep } from 'node:timers/promises';

import type { Listener } from '#core/event.ts';
import type { Answers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import { refOf } from '#core/plan.ts';
import { describeDifferences, type Outcome } from '#core/resource.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { answersFor } from './decide.ts';

/** How often answers that need time to settle are asked again. */
const PAUSE_MS = 500;

export interface SettleContext {
  /** Asks again, and decides. */
  readonly look: () => Promise<{ readonly answers: Answers; readonly outcome: Outcome }>;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

/**
 * Looks again until nothing is left to do, for as long as the resource may take to settle, or until its answers
 * show that it never will.
 *
 * @param left what the last look wanted.
 * @throws {SlipwayError} that says what is still not as wanted, and why.
 */
export async function settle(node: GraphNode, left: Outcome, context: SettleContext): Promise<void> {
  const { timeoutMs, pauseMs = PAUSE_MS, patienceMs = 0, hopeless } = node.resource.settle;
  const startedAt = performance.now();
  let hopelessSince: number | undefined;
  let told = '';
  for (let outcome = left; ;) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= timeoutMs) throw notConverged(node, outcome, waitedMs);
    const what = describeLeft(outcome);
    if (what !== told) context.listener({ event: 'node-waiting', node: refOf(node), what, timeoutMs });
    told = what;
    await sleep(pauseMs, undefined, { signal: context.signal });
    const look = await context.look();
    if (look.outcome.answer === 'none') return;
    outcome = look.outcome;
    const why = hopeless?.(answersFor(node, look.answers));
    hopelessSince = why === undefined ? undefined : (hopelessSince ?? performance.now());
    if (why !== undefined && performance.now() - (hopelessSince ?? 0) >= patienceMs) {
      throw givenUp(node, why);
    }
  }
}

/** What is not as wanted, as one line for each thing. */
export const describeLeft = (outcome: Outcome): string =>
  outcome.answer === 'change' ? describeDifferences(outcome.differences) : outcome.why;

function notConverged(node: GraphNode, outcome: Outcome, waitedMs: number): SlipwayError {
  const waited = waitedMs < 1000 ? '' : ` after ${Math.round(waitedMs / 1000)} s of waiting`;
  return new SlipwayError(
    `its steps ended well, yet it is not as wanted${waited}: ${describeLeft(outcome)}`,
    {
      code: 'not-converged',
      host: node.runsOn,
      hint: `something on ${node.runsOn} undoes it, or it needs longer; look there before running again`,
    },
  );
}

const givenUp = (node: GraphNode, why: string): SlipwayError =>
  new SlipwayError(why, {
    code: 'hopeless',
    host: node.runsOn,
    hint: 'waiting longer would not help; mend that and run again',
  });
