import { CLUSTER, type Answers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Json } from '#core/json.ts';
import {
  type Change,
  type Deferred,
  describeDifferences,
  type DiffContext,
  type None,
  none,
  type Outcome,
  type Refused,
} from '#core/resource.ts';

/** What a decision depends on beside the answers. */
export interface DecisionContext extends Pick<DiffContext, 'changed' | 'planned' | 'phaseChanges'> {
  /** Names of checks that the inventory ignores. */
  readonly ignoredChecks: readonly string[];
  /** The control plane that CLUSTER stands for. */
  readonly clusterHost: string;
}

/** What is to be done about one node: the same decision in plan, apply and proof. */
export function decide(node: GraphNode, answers: Answers, context: DecisionContext): Outcome {
  const { ignoredChecks, clusterHost } = context;
  const outcome = node.resource.diff(answersFor(node, answers), { ...context, host: node.host });
  if (outcome.answer === 'none') return outcome;
  if (outcome.answer !== 'deferred' && isIgnoredBy(ignoredChecks, outcome)) return ignoring(outcome);
  if (outcome.answer !== 'deferred') return outcome;
  const { waitsFor, forecast } = outcome;
  const isIgnored = forecast?.answer === 'change' && isIgnoredBy(ignoredChecks, forecast);
  if (waitsFor.host !== CLUSTER && !isIgnored) return outcome;
  return {
    ...outcome,
    waitsFor: waitsFor.host === CLUSTER ? { ...waitsFor, host: clusterHost } : waitsFor,
    ...(isIgnored && { forecast: ignoring(forecast) }),
  };
}

const isIgnoredBy = (ignored: readonly string[], outcome: Exclude<Outcome, Deferred>): boolean =>
  'check' in outcome && outcome.check !== undefined && ignored.includes(outcome.check);

const ignoring = (outcome: Refused | Change): None => none(`ignored: ${outcome.check}: ${reasonOf(outcome)}`);

const reasonOf = (outcome: Refused | Change): string =>
  outcome.answer === 'refused' ? outcome.why : describeDifferences(outcome.differences);

/** What a resource's facts were answered, by the names it gave them. */
export function answersFor(
  { id, runsOn, facts }: Pick<GraphNode, 'id' | 'runsOn' | 'facts'>,
  answers: Answers,
): never {
  const given: Record<string, Json> = {};
  const own = answers[runsOn];
  for (const name in facts) {
    const { family, key, host } = facts[name]!;
    const answer = (host === undefined ? own : answers[host])?.[family.name]?.[key];
    if (answer === undefined)
      throw new TypeError(`${id}: no answer from ${host ?? runsOn} to ${family.name} ${key}`);
    given[name] = answer;
  }
  return given as never;
}
