import { SlipwayError } from '#core/slipway-error.ts';

/** A program that was started: whether it became root, and its result. */
export interface Attempt<T> {
  /** Resolves when the program runs as root; rejects when it never did. */
  readonly started: Promise<void>;
  readonly result: Promise<T>;
}

/**
 * Runs the first program of a connection alone, to find out whether sudo works.
 *
 * Eight channels at once with a wrong password would lock the account. A refusal is remembered: asking again would get
 * the same answer.
 */
export class EscalationGate {
  #isProven: boolean;
  #refusal: SlipwayError | undefined;
  #first: Promise<void> | undefined;

  /** @param isProven true where no sudo is needed. */
  constructor(isProven: boolean) {
    this.#isProven = isProven;
  }

  /** Starts a program, told whether sudo is known to work. @throws {SlipwayError} with code `sudo-refused`. */
  async pass<T>(start: (isProven: boolean) => Attempt<T>): Promise<T> {
    while (this.#first !== undefined) await this.#first;
    if (this.#refusal !== undefined) throw this.#refusal;
    const attempt = start(this.#isProven);
    if (!this.#isProven) this.#first = this.#learn(attempt.started);
    return attempt.result;
  }

  async #learn(started: Promise<void>): Promise<void> {
    try {
      await started;
      this.#isProven = true;
    } catch (error) {
      if (error instanceof SlipwayError && error.code === 'sudo-refused') this.#refusal = error;
    } finally {
      this.#first = undefined;
    }
  }
}
