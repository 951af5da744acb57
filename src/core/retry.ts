import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions<Fault extends Error> {
  /** The kind of error that may pass by itself; any other is thrown at once. */
  readonly after: abstract new (...args: never[]) => Fault;
  /**
   * How long to wait before the next try, in ms; undefined: there is none, and the error is thrown.
   *
   * @param attempt the number of the try that failed, from 1.
   */
  readonly pauseMs: (attempt: number, error: Fault) => number | undefined;
  /** Called before each pause, with the number of the try to come. */
  readonly onRetry?: (error: Fault, pauseMs: number, attempt: number) => void | Promise<void>;
  /** Cuts a pause short: an AbortError is thrown then. */
  readonly signal?: AbortSignal;
}

/** How long to wait before each further try to reach a host that boots, or that restarts its network or its sshd. */
export const COMING_UP_PAUSES_MS: readonly number[] = [1000, 3000, 8000, 15_000, 30_000];

/** Does something, and does it again after errors that may pass by themselves. */
export async function retry<T, Fault extends Error>(
  work: () => Promise<T>,
  { after, pauseMs: pauseAfter, onRetry, signal }: RetryOptions<Fault>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const pauseMs = error instanceof after ? pauseAfter(attempt, error) : undefined;
      if (!(error instanceof after) || pauseMs === undefined) throw error;
      await onRetry?.(error, pauseMs, attempt + 1);
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal });
    }
  }
}
