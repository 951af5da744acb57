import type { AnswersOf, Fact, Facts } from './fact.ts';
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
  /** None where it comes by itself and is only to be waited for; `settle` says for how long. */
  readonly steps: readonly Step[];
  /** Units that the steps restart: the blast radius. */
  readonly restarts?: readonly string[];
  /** What a person should know beside it, in whole sentences without a full stop: a plan shows them always. */
  readonly notes?: readonly string[];
  /** The name by which it is ignored, where an operator may live without it. */
  readonly check?: string;
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
  /** Or CLUSTER. */
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
  readonly lane: Lane | undefined;
  readonly settle: Settle<never>;
  readonly diff: (answers: never, context: DiffContext) => Outcome;
}

/** Resources that want the same lane are worked on at most `width` at a time. */
export interface Lane {
  /** What they share: `packages`. */
  readonly name: string;
  readonly width: number;
  /** Whether each host has a lane of this name, or all hosts have one together. */
  readonly scope: 'host' | 'cluster';
}

/** How the engine waits, after the steps, for answers that come right by themselves. */
export interface Settle<Answers> {
  /** How long they may take; 0: they are right at once. */
  readonly timeoutMs: number;
  /** How often they are asked again; default 500. */
  readonly pauseMs?: number;
  /** How many looks in a row have to find them right; default 1. More for what starts, and may end at once. */
  readonly looks?: number;
  /** Why waiting longer would be for nothing, where answers show it. */
  readonly hopeless?: (answers: Answers) => string | undefined;
  /** How long they have to show it, one look after the other, before the engine gives up; default 0. */
  readonly patienceMs?: number;
  /**
   * Names of the facts that are asked again while nothing is left but to wait; default all. The others are changed
   * by steps alone, and cost too much to be asked for minutes.
   */
  readonly asksAgain?: readonly (keyof Answers & string)[];
  /** Steps that help where waiting alone does not bring it; taken once. */
  readonly remedy?: Remedy<Answers>;
  /** Asked where it was waited in vain; the answer is shown with the failure: the last lines of a log. */
  readonly diagnosis?: Fact<string>;
}

export interface Remedy<Answers> {
  /** How long answers have to call for it, one look after the other. */
  readonly afterMs: number;
  /** None where these answers do not call for it. */
  readonly steps: (answers: Answers) => readonly Step[];
}

const AT_ONCE: Settle<never> = { timeoutMs: 0 };

interface ResourceDefinition<F extends Facts> {
  readonly address: string;
  readonly facts: F;
  readonly restartOn?: readonly string[];
  readonly lane?: Lane;
  readonly settle?: Settle<AnswersOf<F>>;
  readonly diff: (answers: AnswersOf<F>, context: DiffContext) => Outcome;
}

/** Makes a resource, with the answers typed by the facts it asks for. */
export function resource<const F extends Facts>(definition: ResourceDefinition<F>): Resource {
  return {
    address: definition.address,
    facts: definition.facts,
    restartOn: definition.restartOn ?? [],
    lane: definition.lane,
    settle: definition.settle ?? AT_ONCE,
    diff: definition.diff,
  };
}

/**
 * The same resource, where it depends on more facts whether, or how, it has a say.
 *
 * @param gate is given the answers to those facts, and the resource's own decision to make or leave.
 */
export const gated = <const F extends Facts>(
  gatedResource: Resource,
  facts: F,
  gate: (answers: AnswersOf<F>, context: DiffContext, decide: () => Outcome) => Outcome,
): Resource => ({
  ...gatedResource,
  facts: { ...gatedResource.facts, ...facts },
  diff: (answers, context) => gate(answers, context, () => gatedResource.diff(answers, context)),
});

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

/** What is known to differ, and the steps that mend it; without steps it is waited for. */
export const change = (
  differences: readonly Difference[],
  steps: readonly Step[] = [],
  restarts: readonly string[] = [],
): Change => ({
  answer: 'change',
  differences,
  steps,
  ...(restarts.length > 0 && { restarts }),
});

/** A change where anything differs, else `none` with the reason given; only there steps are made that are costly to make. */
export function changeOr(
  why: string,
  differences: readonly Difference[],
  steps: readonly Step[] | (() => readonly Step[]),
  restarts: readonly string[] = [],
): Outcome {
  if (differences.length === 0) return none(why);
  return change(differences, typeof steps === 'function' ? steps() : steps, restarts);
}

/** An outcome with something to be said beside it; where nothing is known or allowed yet, it is left unsaid. */
export const noted = (outcome: Outcome, notes: readonly string[]): Outcome =>
  notes.length > 0 && (outcome.answer === 'none' || outcome.answer === 'change')
    ? { ...outcome, notes }
    : outcome;

/** `content is a, wanted b`, for messages. */
export const describeDifferences = (differences: readonly Difference[]): string =>
  differences.map(({ what, from, to }) => `${what} is ${shown(from)}, wanted ${shown(to)}`).join('; ');

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
}

const SHOWN_LENGTH = 200;

/** A difference when two values are not the same, as a list to spread. */
export const differs = (what: string, from: Json, to: Json): readonly Difference[] =>
  from === to || JSON.stringify(from) === JSON.stringify(to) ? [] : [{ what, from, to }];
