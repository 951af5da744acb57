import type { Listener } from '#core/event.ts';
import { retry } from '#core/retry.ts';
import type { Transport } from '#core/transport.ts';

import { ConnectionCut } from './unreachable.ts';

export interface PatientTransportOptions {
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** How long to wait before each further try. */
  readonly pausesMs?: readonly number[];
}

const PAUSES_MS = [1000, 2000];

/**
 * Tries again where a host closes the connection before the login: an sshd with too many logins under way
 * (MaxStartups), or one that restarts, will accept a later one. Any other fault is thrown at once.
 */
export const patientTransport = (
  inner: Transport,
  { listener, signal, pausesMs = PAUSES_MS }: PatientTransportOptions,
): Transport => ({
  connect: (host) =>
    retry(() => inner.connect(host), {
      after: ConnectionCut,
      pauseMs: (attempt) => (signal.aborted ? undefined : pausesMs[attempt - 1]),
      onRetry: ({ message: why }, pauseMs, attempt) =>
        listener({ event: 'connect-retried', host: host.name, why, pauseMs, attempt }),
      signal,
    }),
});
