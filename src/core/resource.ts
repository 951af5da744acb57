import type { AnswersOf, Facts } from './fact.ts';
import type { Json } from './json.ts';
import type { Step } from './step.ts';

/** One thing that is not as it should be. */
export interface Difference {
  /** What differs: `content`, `mode`, `live value`, `version`. */
  readonly what: string;
  /** As found; null where there is nothing. */
  readonly from: Json;
  /** As wanted; null where nothing is wanted. */
  readonly to: Json;
}

/** Right as it is, and why. */
export interface None {
  readonly answer: 'none';
  readonly why: string;
  readonly notes?: readonly string[];
}

/** What is to be done, and what it makes different. */
export interface Change {
  readonly answer: 'change';
  readonly differences: readonly Difference[];
  readonly steps: readonly Step[];
  /** Units that the steps restart: the blast radius. */
  readonly restarts?: readonly string[];
  /** What a person should know beside it, in whole sentences without a full stop: a plan shows them always. */
  readonly notes?: readonly string[];
}

/** Not to be known before another step has been taken. */
export interface Deferred {
  readonly answer: 'deferred';
  readonly waitsFor: PhaseRef;
  /** What that step brings: "the version of containerd". */
  readonly why: string;
}

/** Cannot be made right by any step of ours: a person must decide. Nothing is applied while one stands. */
export interface Refused {
  readonly answer: 'refused';
  /** The name it is ignored by. */
  readonly check: string;
  readonly why: string;
  readonly hint: string;
}

export type Outcome = None | Change | Deferred | Refused;

/** A phase on a host. */
export interface PhaseRef {
  readonly host: string;
  readonly phase: string;
}

/** What else the plan knows when a resource is asked for its difference. */
export interface DiffContext {
  /** The host that the resource is about. */
  readonly host: string;
  /** Addresses of this resource's `restartOn` that the plan changes. */
  readonly changed: readonly string[];
}

/**
 * Something that is to be true of a host. It asks, and it decides; both are pure. Check, plan, apply and
 * verify are uses of this one value.
 */
export interface Resource {
  /** Unique on its host: `sysctl:net.ipv4.ip_forward`. */
  readonly address: string;
  readonly facts: Facts;
  /** Addresses on the same host whose change has a consequence here (a restart). */
  readonly restartOn: readonly string[];
  /** Resources with the same word never run at the same time on one host: `apt`. */
  readonly exclusive: string | undefined;
  /** How long the answers may take to settle after the steps; default 0. */
  readonly settleMs: number;
  readonly diff: (answers: never, context: DiffContext) => Outcome;
}

interface ResourceDefinition<F extends Facts> {
  readonly address: string;
  readonly facts: F;
  readonly restartOn?: readonly string[];
  readonly exclusive?: string;
  readonly settleMs?: number;
  readonly diff: (answers: AnswersOf<F>, context: DiffContext) => Outcome;
}

/** Makes a resource, with the answers typed by the facts it asks for. */
export function resource<const F extends Facts>(definition: ResourceDefinition<F>): Resource {
  return {
    address: definition.address,
    facts: definition.facts,
    restartOn: definition.restartOn ?? [],
    exclusive: definition.exclusive,
    settleMs: definition.settleMs ?? 0,
    diff: definition.diff,
  };
}

export const none = (why: string): None => ({ answer: 'none', why });

export const deferred = (waitsFor: PhaseRef, why: string): Deferred => ({
  answer: 'deferred',
  waitsFor,
  why,
});

export const refused = (check: string, why: string, hint: string): Refused => ({
  answer: 'refused',
  check,
  why,
  hint,
});

/** A change where anything differs, else `none` with the reason given; only there steps are made that are costly to make. */
export function changeOr(
  why: string,
  differences: readonly Difference[],
  steps: readonly Step[] | (() => readonly Step[]),
  restarts: readonly string[] = [],
): Outcome {
  if (differences.length === 0) return none(why);
  return {
    answer: 'change',
    differences,
    steps: typeof steps === 'function' ? steps() : steps,
    ...(restarts.length > 0 && { restarts }),
  };
}

/** An outcome with something to be said beside it; where nothing is known or allowed yet, it is left unsaid. */
export const noted = (outcome: Outcome, notes: readonly string[]): Outcome =>
  notes.length > 0 && (outcome.answer === 'none' || outcome.answer === 'change')
    ? { ...outcome, notes }
    : outcome;

/** A difference when two values are not the same, as a list to spread. */
export const differs = (what: string, from: Json, to: Json): readonly Difference[] =>
  from === to || JSON.stringify(from) === JSON.stringify(to) ? [] : [{ what, from, to }];
