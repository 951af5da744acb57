import type { Failure, NodeResult } from '#core/event.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import type { Answers, Fact, Facts, HostAnswers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import { type Change, deferred, type Forecast, type None, type Outcome } from '#core/resource.ts';
import { retry } from '#core/retry.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Step } from '#core/step.ts';
import type { Observer } from '#core/transport.ts';
import type { Watch } from '#core/watch.ts';

import { breachOf } from './breach.ts';
import type { Connections } from './connections.ts';
import { decide, type DecisionContext } from './decide.ts';
import { failureOf, StepFailed, WaitedInVain } from './failure.ts';
import { factsByHost, mergeAnswers } from './observe.ts';
import { settle } from './settle.ts';
import type { SharedLooks } from './shared-looks.ts';
import type { SharedWatches } from './shared-watches.ts';
import { retried, type StepContext, type Taken } from './take-steps.ts';

const RECONNECT_ATTEMPTS = 3;
/** The code of a failure where something else would be done than was foretold. */
const BREACH = 'forecast';

export interface PerformContext extends StepContext, Omit<DecisionContext, 'changed'> {
  readonly connections: Connections;
  readonly observerOf: (host: string) => Promise<Observer>;
  /**
   * The answers to all that a node asks, as things are now.
   *
   * @param known its own host's, where that one has just been asked.
   */
  readonly lookNow: (node: GraphNode, known?: HostAnswers) => Promise<Answers>;
  /** Takes steps for the node, and asks its host afterwards. */
  readonly take: (steps: readonly Step[], facts?: readonly Fact[]) => Promise<Taken>;
  /** For nodes that wait. */
  readonly looks: SharedLooks;
  readonly watches: SharedWatches;
  /** Runs work on a host when there is room for it; what only waits needs none. */
  readonly inPlace: <T>(work: () => Promise<T>) => Promise<T>;
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
    const { done, left } = await context.inPlace(() => takeOn(node, planned, context));
    if (done.answer !== 'change') return { result: 'unchanged', why: done.why };
    // What others have asked meanwhile is from before it was settled.
    if (left.answer !== 'none' || (node.resource.settle.looks ?? 1) > 1) context.visits.forget(node.runsOn);
    await settle(node, left, waiting(node, context));
    return { result: 'changed', restarts: done.restarts ?? [] };
  } catch (error) {
    const failure = failureOf(error, await diagnose(node, error, context));
    return { result: 'failed', failure: { ...failure, ...(await recovered(node, error, context)) } };
  }
}

/** What the host says of a failure, where the resource knows what to ask; empty where there is nothing to be had. */
async function diagnose(
  { runsOn, resource }: GraphNode,
  error: unknown,
  { signal, observerOf }: PerformContext,
): Promise<string> {
  const fact = resource.settle.diagnosis;
  const isOfHost = error instanceof StepFailed || error instanceof WaitedInVain;
  if (fact === undefined || !isOfHost || signal.aborted) return '';
  const asked = observerOf(fact.host ?? runsOn).then((observer) => observer.ask([fact]));
  const answer = await asked.then((answers) => answers[fact.family.name]?.[fact.key]).catch(() => '');
  return typeof answer === 'string' ? answer : '';
}

/** Gives the host back what it had before a change that failed, where it knows how, and says how that went. */
async function recovered(
  node: GraphNode,
  error: unknown,
  context: PerformContext,
): Promise<Pick<Failure, 'recovery'>> {
  const { daemon } = node.resource;
  if (daemon === undefined || context.signal.aborted || error instanceof ConnectionLost) return {};
  // Its daemon was not touched, and nothing is done that no plan has said.
  if (error instanceof SlipwayError && error.code === BREACH) return {};
  const { name, recovery: resource } = daemon;
  if (resource === undefined) return {};
  const recovery = { ...node, address: resource.address, resource, facts: resource.facts };
  try {
    const { done, left } = await context.inPlace(() => takeOn(recovery, toBeAsked(node), context));
    if (done.answer !== 'change' || done.steps.length === 0) return {};
    const why = await settle(recovery, left, waiting(recovery, context));
    const files = done.differences.map(({ what }) => what).join(', ');
    return {
      recovery: `${files} ${done.differences.length === 1 ? 'is' : 'are'} as before again, and ${why}`,
    };
  } catch (failure) {
    return { recovery: `what ${name} had before did not help: ${failureOf(failure).message}` };
  }
}

const toBeAsked = ({ host, phase }: GraphNode): Outcome => deferred({ host, phase }, 'what it had before');

interface TakenOn {
  readonly done: Outcome & { readonly answer: 'none' | 'change' };
  /** What is left of it to do. */
  readonly left: Outcome;
}

async function takeOn(node: GraphNode, planned: Outcome, context: PerformContext): Promise<TakenOn> {
  const done = planned.answer === 'deferred' ? await lookAgain(node, context) : planned;
  if (done.answer !== 'none' && done.answer !== 'change') throw cannotGoOn(node, done);
  if (planned.answer === 'deferred' && planned.forecast !== undefined)
    keepPromise(node, planned.forecast, done);
  if (done.answer === 'none' || done.steps.length === 0) return { done, left: done };
  const known = await changeHost(node, done, context);
  return { done, left: await lookAgain(node, context, known) };
}

/** Nothing is done that the plan has not said. @throws {SlipwayError} that says what differs. */
function keepPromise(node: GraphNode, forecast: Forecast, decided: None | Change): void {
  const breach = breachOf(forecast, decided);
  if (breach === undefined) return;
  throw new SlipwayError(`not as the plan said: ${breach}`, {
    code: BREACH,
    host: node.runsOn,
    hint: 'nothing was changed here; make and review a new plan, which knows what has come to light',
  });
}

/** What answers say is to be done, now that everything before it is done. */
const outcomeOf = (node: GraphNode, answers: Answers, context: PerformContext): Outcome =>
  decide(node, answers, { ...context, changed: [] });

async function outcomeNow(node: GraphNode, context: PerformContext, known?: HostAnswers): Promise<Outcome> {
  return outcomeOf(node, await context.lookNow(node, known), context);
}

const lookAgain = (node: GraphNode, context: PerformContext, known?: HostAnswers): Promise<Outcome> =>
  overLostConnections(node, context, () => outcomeNow(node, context, known));

/** How a node that waits looks at its host: together with the others that wait there. */
function waiting(node: GraphNode, context: PerformContext) {
  const { asksAgain } = node.resource.settle;
  const moving = asksAgain === undefined ? node : { ...node, facts: pick(node.facts, asksAgain) };
  let known: Answers = {};
  const ask = async (left: Outcome): Promise<Answers> => {
    const isComing = left.answer === 'change' && left.steps.length === 0;
    const found = await context.looks.ask(isComing && node.runsOn in known ? moving : node);
    const merged = Object.entries(found).map(([host, answers]) => [host, mergeAnswers(known[host], answers)]);
    known = { ...known, ...Object.fromEntries(merged) };
    return known;
  };
  return {
    ...context,
    look: (left: Outcome) =>
      overLostConnections(node, context, async () => {
        const answers = await ask(left);
        return { answers, outcome: outcomeOf(node, answers, context) };
      }),
    watch: (wanted: Watch) => context.watches.open(node.runsOn, wanted),
    take: (steps: readonly Step[]) =>
      overLostConnections(node, context, () => context.inPlace(() => context.take(steps))),
  };
}

const pick = (facts: Facts, names: readonly string[]): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => names.includes(name)));

/**
 * Takes the steps; after a lost connection, those that are left to do: what they are is worked out anew.
 *
 * @returns what the host answers now, where it was asked with them.
 */
async function changeHost(
  node: GraphNode,
  planned: Change,
  context: PerformContext,
): Promise<HostAnswers | undefined> {
  const facts = factsByHost([node]).get(node.runsOn);
  let change: Change | undefined = planned;
  return overLostConnections(node, context, async () => {
    if (change === undefined) {
      const outcome = await outcomeNow(node, context);
      if (outcome.answer === 'none') return undefined;
      if (outcome.answer !== 'change') throw cannotGoOn(node, outcome);
      change = outcome;
    }
    const { steps } = change;
    change = undefined;
    return (await context.take(steps, facts)).answers;
  });
}

/** Does something with hosts; where a connection is lost meanwhile, does it once more over a new one. */
const overLostConnections = <T>(
  node: GraphNode,
  context: PerformContext,
  work: () => Promise<T>,
): Promise<T> =>
  retry(work, {
    after: ConnectionLost,
    pauseMs: (attempt) => (attempt < RECONNECT_ATTEMPTS ? 0 : undefined),
    onRetry: async ({ message, host = node.runsOn }, pauseMs, attempt) => {
      retried(node, context, message, pauseMs, attempt);
      await context.connections.reconnect(host, (...said) => retried(node, context, ...said));
    },
  });

function cannotGoOn(node: GraphNode, outcome: Exclude<Outcome, Change>): SlipwayError {
  const hint = outcome.answer === 'refused' ? outcome.hint : undefined;
  return new SlipwayError(outcome.why, {
    code: `still-${outcome.answer}`,
    host: node.runsOn,
    ...(hint !== undefined && { hint }),
  });
}
