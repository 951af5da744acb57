import { SlipwayError } from '#core/slipway-error.ts';

/** A program that was started: whether it became root, and its result. */
export interface Attempt<T> {
  /** Resolves when the program runs as root; rejects when it never did. */
  readonly started: Promise<void>;
  readonly result: Promise<T>;
}

/** Of sudo, and of a login shell that runs nothing. */
const REFUSALS: ReadonlySet<string> = new Set(['sudo-refused', 'host-unreachable']);

/**
 * Tells programs of a connection whether one before them has run as root.
 *
 * With sudo the first program runs alone: eight channels at once with a wrong password would lock the account. A
 * refusal is remembered: asking again would get the same answer.
 */
export class EscalationGate {
  readonly #isSudo: boolean;
  #isProven = false;
  #refusal: SlipwayError | undefined;
  #first: Promise<void> | undefined;

  constructor(isSudo: boolean) {
    this.#isSudo = isSudo;
  }

  /** Starts a program. @throws {SlipwayError} what the first one was refused with. */
  async pass<T>(start: (isProven: boolean) => Attempt<T>): Promise<T> {
    while (this.#first !== undefined) await this.#first;
    if (this.#refusal !== undefined) throw this.#refusal;
    const attempt = start(this.#isProven);
    if (!this.#isProven) {
      const learnt = this.#learn(attempt.started);
      if (this.#isSudo) this.#first = learnt;
    }
    return attempt.result;
  }

  async #learn(started: Promise<void>): Promise<void> {
    try {
      await started;
      this.#isProven = true;
    } catch (error) {
      if (error instanceof SlipwayError && REFUSALS.has(error.code)) this.#refusal = error;
    } finally {
      this.#first = undefined;
    }
  }
}
