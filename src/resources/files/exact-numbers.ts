import { type Outcome, refused } from '#core/resource.ts';

export interface WrittenAnew {
  /** The name by which the refusal is ignored. */
  readonly check: string;
  /** A file, or an object of the cluster. */
  readonly where: string;
  /** Finds a number in it that would not survive being read and written. */
  readonly inexact: () => string | undefined;
}

/** Refuses a change that would write anew what has a number which would become another one by that. */
export function withExactNumbers(outcome: Outcome, { check, where, inexact }: WrittenAnew): Outcome {
  const number = outcome.answer === 'change' ? inexact() : undefined;
  if (number === undefined) return outcome;
  return refused(
    check,
    `${where} has the number ${number}, which slipway cannot write as exactly`,
    `write it with fewer digits, or make these changes to ${where} yourself`,
  );
}
