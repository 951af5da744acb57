import type { Listener } from '#core/event.ts';
import { retry } from '#core/retry.ts';
import { SlipwayError } from '#core/slipway-error.ts';

const PAUSES_MS = [1000, 2000, 4000];

export interface DownloadOptions {
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** What to do when it cannot be had. */
  readonly hint: string;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** How long to wait before each further attempt; default: 1, 2 and 4 seconds. */
  readonly pausesMs?: readonly number[];
}

/**
 * Fetches a file over HTTP, and tries again after what may pass: a server's own fault, a lost connection.
 *
 * @throws {SlipwayError} when it cannot be had; an AbortError when the run is interrupted.
 */
export async function download(location: string, options: DownloadOptions): Promise<Buffer> {
  const { listener, signal, pausesMs = PAUSES_MS } = options;
  listener({ event: 'fetching', location });
  const bytes = await retry(() => tryOnce(location, options), {
    after: PassingFault,
    pauseMs: (attempt) => pausesMs[attempt - 1],
    onRetry: ({ why }, pauseMs, attempt) =>
      listener({ event: 'fetch-retried', location, why, pauseMs, attempt }),
    signal,
  });
  listener({ event: 'fetched', location });
  return bytes;
}

class FetchFailed extends SlipwayError {
  readonly why: string;

  constructor(location: string, why: string, hint: string) {
    super(`cannot fetch ${location}: ${why}`, { code: 'artifact-unreachable', hint });
    this.why = why;
  }
}

/** Asking again may get another answer. */
class PassingFault extends FetchFailed {}

async function tryOnce(location: string, { timeoutMs, signal, hint }: DownloadOptions): Promise<Buffer> {
  let response: Response;
  try {
    const limit = AbortSignal.timeout(timeoutMs);
    response = await fetch(location, { signal: AbortSignal.any([signal, limit]) });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    signal.throwIfAborted();
    throw new PassingFault(location, reason(error), hint);
  }
  const { status, statusText } = response;
  const Fault = status >= 500 || status === 429 ? PassingFault : FetchFailed;
  throw new Fault(location, `HTTP ${status} ${statusText}`.trim(), hint);
}

/** fetch hides why it failed in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
