import type { AnswersOf, Facts } from '#core/fact.ts';
import { type Outcome, type Resource, none, refused, resource } from '#core/resource.ts';

/** Why a host cannot be used as it is, and what an operator can do about it. */
export interface Objection {
  readonly why: string;
  readonly hint: string;
}

export interface CheckDefinition<F extends Facts> {
  /** What it is ignored by: `NumCPU`. */
  readonly name: string;
  readonly facts: F;
  /** An objection to the host of this name; or why it is right; or what is decided otherwise, as where something has to be done before that is known. */
  readonly judge: (answers: AnswersOf<F>, host: string) => Objection | string | Outcome;
}

/** A condition that slipway cannot make true. Where it does not hold and is not ignored by name, nothing is applied. */
export const check = <const F extends Facts>({ name, facts, judge }: CheckDefinition<F>): Resource =>
  resource({
    address: `check:${name}`,
    facts,
    diff: (answers, { host }) => {
      const verdict = judge(answers, host);
      if (typeof verdict === 'string') return none(verdict);
      if ('answer' in verdict) return verdict;
      return refused(name, verdict.why, verdict.hint);
    },
  });
