import type { AnswersOf, Facts } from './fact.ts';
import type { Refused } from './resource.ts';
import type { Step } from './step.ts';

/**
 * A one-shot act: a kubeconfig that is fetched, a snapshot that is taken. Like a resource it asks first, and its
 * steps are data that can be shown; unlike one it has a result that comes back, and nothing to prove afterwards.
 */
export interface Action<Result> {
  /** `fetch kubeconfig`. */
  readonly name: string;
  /** The host that it runs on, or CLUSTER. */
  readonly runsOn: string;
  readonly facts: Facts;
  readonly decide: (answers: never, context: ActionContext) => ActionOutcome;
  /** Reads the result from what the steps printed. */
  readonly read: (stdout: string) => Result;
}

/** What else is known when an action decides. */
export interface ActionContext {
  /** The host that it runs on. */
  readonly host: string;
}

/** What it would do, or why it may not: the name of a refusal's check is the code of its error. */
export type ActionOutcome = { readonly answer: 'act'; readonly steps: readonly Step[] } | Refused;

interface ActionDefinition<F extends Facts, Result> {
  readonly name: string;
  readonly runsOn: string;
  readonly facts: F;
  readonly decide: (answers: AnswersOf<F>, context: ActionContext) => ActionOutcome;
  readonly read: (stdout: string) => Result;
}

/** Makes an action, with the answers typed by the facts it asks for. */
export const action = <const F extends Facts, Result>(
  definition: ActionDefinition<F, Result>,
): Action<Result> => definition;

export const act = (...steps: readonly Step[]): ActionOutcome => ({ answer: 'act', steps });
