import type { AnswersOf, Fact, Facts } from './fact.ts';
import type { Json } from './json.ts';
import type { Daemon } from './daemon.ts';
import { rememberLast } from './remember-last.ts';
import type { Step } from './step.ts';
import type { Supplies } from './supplies.ts';
import type { Watch } from './watch.ts';

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
  /** Empty where the change comes by itself and only has to be waited for; `settle` says for how long. */
  readonly steps: readonly Step[];
  /** Units that the steps restart: the blast radius. */
  readonly restarts?: readonly string[];
  readonly effects?: Effects;
  /** Hosts take turns with it, though it restarts nothing. */
  readonly takesTurn?: true;
  /** What a person should know beside it, in whole sentences without a full stop: a plan shows them always. */
  readonly notes?: readonly string[];
  /** What is left to a person once it is done, in the same manner: the end of a run shows it. */
  readonly afterwards?: readonly string[];
  /** The name by which it is ignored, where an operator may live without it. */
  readonly check?: string;
}

/** What a change does to what is in use, or is not slipway's, beside restarts. */
export interface Effects {
  /** Nodes that are emptied of their pods. */
  readonly drains?: readonly string[];
  /** Files that somebody else wrote, of which a copy stays. */
  readonly replaces?: readonly string[];
  /** Names of what is lost for good: a person has to type them. */
  readonly destroys?: readonly string[];
}

/** Cannot be decided before an earlier phase is done. */
export interface Deferred {
  readonly answer: 'deferred';
  readonly waitsFor: PhaseRef;
  /** What that phase brings: "the version of containerd". */
  readonly why: string;
  readonly notes?: readonly string[];
  /** Hosts take turns with what may come of it. */
  readonly takesTurn?: true;
  /** What it will come to; absent where too little is known for that. */
  readonly forecast?: Forecast;
}

/**
 * A promise: the run does just this later, or stops. What is not known yet stands as `unknown` in it. With `none` it will
 * only be looked at, and waited for.
 */
export type Forecast = ForecastNone | Change;

export interface ForecastNone extends None {
  /** What is done where it turns out not to be so. */
  readonly otherwise?: Change;
}

/** slipway has no step that would make it right: a person must decide, and nothing is applied before that. */
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
  /** Of one that watches its phase: whether the plan changes something else of it there; absent in a run. */
  readonly phaseChanges?: boolean;
  /** What the plan has written to a file of the host before this; absent in a run, where the host has it. */
  readonly planned?: (path: string) => string | undefined;
}

/**
 * Something that is to be true of a host. Its facts ask and its `diff` decides; both are pure. Plan, apply and proof
 * are uses of this one value.
 */
export interface Resource {
  /** Unique on its host: `sysctl:net.ipv4.ip_forward`. */
  readonly address: string;
  readonly facts: Facts;
  /** Those of its facts that a look at hosts asks afterwards, and only where the others say so. */
  readonly further?: Further<never>;
  /** Addresses on the same host whose change has a consequence here (a restart). */
  readonly restartOn: readonly string[];
  /** It depends on whether its phase changes anything else on the host, before it or behind it, or on any of these hosts. */
  readonly watchesPhase?: true | readonly string[];
  /** What it changes is none of what its phase changes, for those that watch that. */
  readonly isBesidePhase?: true;
  /** It stands beside the one before it in its phase: it waits for what that one waits for, and not for that one. */
  readonly isBeside?: true;
  readonly lane: Lane | undefined;
  /** What it shares with other resources of its host that are done together with it, where nothing keeps them apart. */
  readonly company?: string;
  readonly settle: Settle<never>;
  /** The daemon that it configures, starts or asks. */
  readonly daemon?: Daemon;
  /** What it brings to hosts from outside. */
  readonly supplies?: Supplies;
  readonly diff: (answers: never, context: DiffContext) => Outcome;
}

/** Facts that are long to ask for, and mostly not needed: of a host that is as wanted they are not asked. */
export interface Further<Answers> {
  /** Names of facts that the resource's own host is asked. */
  readonly names: readonly string[];
  /**
   * Whether the decision depends on them, by the answers of its own host to all others. Where it does not, they count as
   * what a freshly installed machine answers.
   */
  readonly isNeeded: (answers: Answers) => boolean;
}

/** Resources that want the same lane are worked on at most `width` at a time. */
export interface Lane {
  /** What they share: `packages`. */
  readonly name: string;
  readonly width: number;
  /** Whether each host has a lane of this name, or all hosts have one together. */
  readonly scope: 'host' | 'cluster';
}

/** How the engine waits, after the steps, for answers that become right by themselves. */
export interface Settle<Answers> {
  /** How long they may take; 0: they are right at once. */
  readonly timeoutMs: number;
  /** How often they are asked again; default 500. */
  readonly pauseMs?: number;
  /**
   * What tells of a change in them, so that a look may come later than after the pause, and never sooner. For answers that a
   * server alone gives: what follows a little later elsewhere, such as a file on a host, would be found late.
   */
  readonly watch?: Watch;
  /** How many looks in a row have to find them right; default 1. More for what may start and end again at once. */
  readonly looks?: number;
  /** The reason to give up early, where the answers show that waiting is useless. */
  readonly hopeless?: (answers: Answers) => string | undefined;
  /** For how long every look has to give that reason before the engine gives up; default 0. */
  readonly patienceMs?: number;
  /**
   * Names of the facts that are asked again during the wait; default all. The others change only by steps, and cost
   * too much to be asked for minutes.
   */
  readonly asksAgain?: readonly (keyof Answers & string)[];
  /** Steps that help where waiting alone does not; taken once. */
  readonly remedy?: Remedy<Answers>;
  /** Asked when a step failed or the wait was in vain; the answer, such as lines of a log, is shown with the failure. */
  readonly diagnosis?: Fact<string>;
}

export interface Remedy<Answers> {
  /** For how long every look has to call for it. */
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
  readonly company?: string;
  readonly further?: Further<AnswersOf<F>>;
  readonly settle?: Settle<AnswersOf<F>>;
  readonly supplies?: Supplies;
  readonly diff: (answers: AnswersOf<F>, context: DiffContext) => Outcome;
}

/** Makes a resource, with the answers typed by the facts it asks for. */
export function resource<const F extends Facts>(definition: ResourceDefinition<F>): Resource {
  return {
    address: definition.address,
    facts: definition.facts,
    restartOn: definition.restartOn ?? [],
    lane: definition.lane,
    ...(definition.company !== undefined && { company: definition.company }),
    ...(definition.further !== undefined && { further: definition.further }),
    settle: definition.settle ?? AT_ONCE,
    ...(definition.supplies !== undefined && { supplies: definition.supplies }),
    diff: definition.diff,
  };
}

/**
 * A resource whose decision depends on further facts: they are asked as well, and `gate` has the last word.
 *
 * @param gate gets the answers to those facts, and `decide`, which gives the resource's own decision.
 */
export const gated = <const F extends Facts>(
  gatedResource: Resource,
  facts: F,
  gate: (answers: AnswersOf<F>, context: DiffContext, decide: () => Outcome) => Outcome,
): Resource => ({
  ...gatedResource,
  facts: both(gatedResource.facts, facts),
  diff: (answers, context) => gate(answers, context, () => gatedResource.diff(answers, context)),
});

/** The resource, which need not wait for the one before it in its phase. */
export const beside = (one: Resource): Resource => ({ ...one, isBeside: true });

/** Resources that do not wait for one another, where they stand behind one another in a phase. */
export const sideBySide = ([first, ...others]: readonly Resource[]): readonly Resource[] =>
  first === undefined ? [] : [first, ...others.map(beside)];

/** Hosts that ask the same share one object. */
const both = rememberLast((own: Facts, more: Facts): Facts => ({ ...own, ...more }));

export const none = (why: string): None => ({ answer: 'none', why });

/** @param expected what it would be, were it decided on what is to be expected; there is no forecast where that is no decision. */
export function deferred(waitsFor: PhaseRef, why: string, expected?: Outcome | ForecastNone): Deferred {
  const forecast = expected?.answer === 'deferred' ? expected.forecast : expected;
  return {
    answer: 'deferred',
    waitsFor,
    why,
    ...(forecast !== undefined && isForecast(forecast) && { forecast }),
  };
}

/**
 * What is foretold where the same steps are taken later as now, if at all, on what somebody else writes meanwhile.
 *
 * @param steps with its unknown parts. Where nothing is to be done now, they are what is done if it turns out otherwise.
 */
export function foretold(
  now: Outcome,
  steps: readonly Step[],
  restarts?: readonly string[],
): Outcome | ForecastNone {
  if (now.answer === 'change') return { ...now, steps };
  return now.answer === 'none' ? { ...now, otherwise: change([], steps, restarts) } : now;
}

const isForecast = (outcome: Outcome | ForecastNone): outcome is Forecast =>
  outcome.answer === 'none' || outcome.answer === 'change';

/** The outcome with its change, or the one that is forecast, made into another. */
export function withChange(outcome: Outcome, make: (change: Change) => Change): Outcome {
  if (outcome.answer === 'change') return make(outcome);
  const seen = changeIn(outcome);
  return outcome.answer === 'deferred' && seen !== undefined ? { ...outcome, forecast: make(seen) } : outcome;
}

/** What an outcome changes, or is going to as far as that is known. */
export function changeIn(outcome: Outcome): Change | undefined {
  const seen = outcome.answer === 'deferred' ? outcome.forecast : outcome;
  return seen?.answer === 'change' ? seen : undefined;
}

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
): Change =>
  restarts.length === 0
    ? { answer: 'change', differences, steps }
    : { answer: 'change', differences, steps, restarts };

/** A change where anything differs, else `none` with the reason given. A function makes the steps only for a change. */
export function changeOr(
  why: string,
  differences: readonly Difference[],
  steps: readonly Step[] | (() => readonly Step[]),
  restarts: readonly string[] = [],
): Outcome {
  if (differences.length === 0) return none(why);
  return change(differences, typeof steps === 'function' ? steps() : steps, restarts);
}

/** The outcome with notes for people; one that is refused takes none. */
export const noted = (outcome: Outcome, notes: readonly string[]): Outcome =>
  notes.length > 0 && outcome.answer !== 'refused'
    ? { ...outcome, notes: [...(outcome.notes ?? []), ...notes] }
    : outcome;

/** The outcome with effects, where it changes anything. */
export const having = (outcome: Outcome, effects: Effects): Outcome =>
  withChange(outcome, (made) => ({ ...made, effects: { ...made.effects, ...effects } }));

/** `content is a, wanted b`, for messages. */
export const describeDifferences = (differences: readonly Difference[]): string =>
  differences.map(({ what, from, to }) => `${what} is ${shown(from)}, wanted ${shown(to)}`).join('; ');

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
}

/** Enough for what a pod has to say of an image. */
const SHOWN_LENGTH = 400;

/** A difference when two values are not the same, as a list to spread. */
export const differs = (what: string, from: Json, to: Json): readonly Difference[] =>
  from === to || JSON.stringify(from) === JSON.stringify(to) ? [] : [{ what, from, to }];
