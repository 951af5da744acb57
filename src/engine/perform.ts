import { setTimeout as sleep } from 'node:timers/promises';

import type { NodeResult } from '#core/event.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Change, Outcome } from '#core/resource.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Observer } from '#core/transport.ts';

import { failureOf } from './failure.ts';
import { answersFor } from './make-plan.ts';
import { observe } from './observe.ts';
import { retried, type StepContext, takeSteps } from './take-steps.ts';

/** How often answers that need time to settle are asked again. */
const SETTLE_PAUSE_MS = 500;
const RECONNECT_ATTEMPTS = 3;

export interface PerformContext extends StepContext {
  readonly observerOf: (host: string) => Promise<Observer>;
}

/**
 * Does what was planned for one node and looks again whether it is so. What was deferred is looked at first,
 * now that what it waited for is there.
 */
export async function perform(
  node: GraphNode,
  planned: Outcome,
  context: PerformContext,
): Promise<NodeResult> {
  try {
    const outcome = planned.answer === 'deferred' ? await lookAgain(node, context) : planned;
    if (outcome.answer === 'none') return { result: 'unchanged', why: outcome.why };
    if (outcome.answer !== 'change') throw cannotGoOn(node, outcome);
    await changeHost(node, outcome, context);
    await proveConverged(node, context);
    return { result: 'changed', restarts: outcome.restarts ?? [] };
  } catch (error) {
    return { result: 'failed', failure: failureOf(error) };
  }
}

/** What a fresh look says is to be done. */
async function outcomeNow(node: GraphNode, context: PerformContext): Promise<Outcome> {
  const answers = await observe([node], context.observerOf);
  return node.resource.diff(answersFor(node, answers), { host: node.host, changed: [] });
}

const lookAgain = (node: GraphNode, context: PerformContext): Promise<Outcome> =>
  overLostConnections(node, context, () => outcomeNow(node, context));

/** Takes the steps; after a lost connection, those that are left to do: what they are is worked out anew. */
async function changeHost(node: GraphNode, planned: Change, context: PerformContext): Promise<void> {
  let change: Change | undefined = planned;
  await overLostConnections(node, context, async () => {
    if (change === undefined) {
      const outcome = await outcomeNow(node, context);
      if (outcome.answer === 'none') return;
      if (outcome.answer !== 'change') throw cannotGoOn(node, outcome);
      change = outcome;
    }
    const { steps } = change;
    change = undefined;
    await takeSteps(node, steps, context);
  });
}

/** Does something with hosts; where a connection is lost meanwhile, does it once more over a new one. */
async function overLostConnections<T>(
  node: GraphNode,
  context: PerformContext,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConnectionLost) || attempt === RECONNECT_ATTEMPTS) throw error;
      retried(node, context, error.message, 0, attempt + 1);
      await context.connections.reconnect(error.host ?? node.runsOn, (why, pauseMs, next) =>
        retried(node, context, why, pauseMs, next),
      );
    }
  }
}

/** Looks again until nothing is left to do, for as long as the resource may take to settle. */
async function proveConverged(node: GraphNode, context: PerformContext): Promise<void> {
  const deadline = performance.now() + node.resource.settleMs;
  for (;;) {
    const outcome = await lookAgain(node, context);
    if (outcome.answer === 'none') return;
    if (performance.now() >= deadline) throw notConverged(node, outcome);
    await sleep(SETTLE_PAUSE_MS, undefined, { signal: context.signal });
  }
}

function notConverged(node: GraphNode, outcome: Outcome): SlipwayError {
  const left =
    outcome.answer === 'change'
      ? outcome.differences
          .map(({ what, from, to }) => `${what} is ${shown(from)}, wanted ${shown(to)}`)
          .join('; ')
      : 'why' in outcome
        ? outcome.why
        : '';
  return new SlipwayError(`its steps ended well, yet it is not as wanted: ${left}`, {
    code: 'not-converged',
    host: node.runsOn,
    hint: `something else on ${node.runsOn} undoes it, or it needs longer; look there before running again`,
  });
}

function cannotGoOn(node: GraphNode, outcome: Exclude<Outcome, Change>): SlipwayError {
  const hint = outcome.answer === 'refused' ? outcome.hint : undefined;
  return new SlipwayError(outcome.why, {
    code: `still-${outcome.answer}`,
    host: node.runsOn,
    ...(hint !== undefined && { hint }),
  });
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
