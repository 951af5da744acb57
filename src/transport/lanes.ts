/**
 * The channels of one connection: at most so many at once, the others wait in line.
 *
 * sshd allows ten sessions a connection unless MaxSessions says otherwise; where it says less, `narrow` finds
 * its limit out.
 *
 * @see https://man.openbsd.org/sshd_config#MaxSessions (OpenSSH 10.0)
 */
export class Lanes {
  #limit: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  async enter(): Promise<void> {
    if (this.#taken < this.#limit) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    if (this.#taken > this.#limit) this.#taken -= 1;
    else this.#handOver();
  }

  /** Takes one lane less from now on; false when there is only the caller's own. */
  narrow(): boolean {
    if (this.#taken < 2) return false;
    this.#limit = Math.max(1, Math.min(this.#limit, this.#taken) - 1);
    return true;
  }

  #handOver(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
