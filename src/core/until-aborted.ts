/** Waits for work, or leaves it to itself when the signal is aborted: then `instead` says what comes of it, or throws. */
export async function untilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  instead: () => Result,
): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const abort = (): void => resolve();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise.then(instead)]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
