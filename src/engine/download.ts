import { setTimeout as sleep } from 'node:timers/promises';

import type { Listener } from '#core/event.ts';
import { SlipwayError } from '#core/slipway-error.ts';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 1000;

export interface DownloadOptions {
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** What to do when it cannot be had. */
  readonly hint: string;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

/**
 * Fetches a file over HTTP, and tries again after what may pass: a server's own fault, a lost connection.
 *
 * @throws {SlipwayError} when it cannot be had; an AbortError when the run is interrupted.
 */
export async function download(location: string, options: DownloadOptions): Promise<Buffer> {
  const { hint, listener, signal } = options;
  listener({ event: 'fetching', location });
  for (let attempt = 1; ; attempt += 1) {
    const got = await tryOnce(location, options);
    signal.throwIfAborted();
    if (!('why' in got)) {
      listener({ event: 'fetched', location });
      return got;
    }
    if (got.isFinal || attempt === ATTEMPTS) {
      throw new SlipwayError(`cannot fetch ${location}: ${got.why}`, { code: 'artifact-unreachable', hint });
    }
    const pauseMs = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    listener({ event: 'fetch-retried', location, why: got.why, pauseMs, attempt: attempt + 1 });
    await sleep(pauseMs, undefined, { signal });
  }
}

interface Refusal {
  readonly why: string;
  /** Asking again would get the same answer. */
  readonly isFinal: boolean;
}

async function tryOnce(location: string, { timeoutMs, signal }: DownloadOptions): Promise<Buffer | Refusal> {
  try {
    const limit = AbortSignal.timeout(timeoutMs);
    const response = await fetch(location, { signal: AbortSignal.any([signal, limit]) });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
    const { status, statusText } = response;
    return { why: `HTTP ${status} ${statusText}`.trim(), isFinal: status < 500 && status !== 429 };
  } catch (error) {
    return { why: reason(error), isFinal: false };
  }
}

/** fetch hides why it failed in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
