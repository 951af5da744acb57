import type { Listener } from '#core/event.ts';
import { COMING_UP_PAUSES_MS, retry } from '#core/retry.ts';
import type { Transport } from '#core/transport.ts';

import { ConnectionCut, HostComingUp } from './unreachable.ts';

export interface PatientTransportOptions {
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** How long to wait before each further try. */
  readonly pausesMs?: readonly number[];
  /** The same where the host says that it is not up yet. */
  readonly bootPausesMs?: readonly number[];
}

const PAUSES_MS = [1000, 2000];

/**
 * Tries again where a host closes the connection before the login: an sshd with too many logins under way
 * (MaxStartups), or one that restarts, will accept a later one; and one that is booting, when it is up. Any other fault
 * is thrown at once.
 */
export const patientTransport = (
  inner: Transport,
  { listener, signal, pausesMs = PAUSES_MS, bootPausesMs = COMING_UP_PAUSES_MS }: PatientTransportOptions,
): Transport => ({
  connect: (host) =>
    retry(() => inner.connect(host), {
      after: ConnectionCut,
      pauseMs: (attempt, error) => {
        if (signal.aborted) return undefined;
        return (error instanceof HostComingUp ? bootPausesMs : pausesMs)[attempt - 1];
      },
      onRetry: ({ message: why }, pauseMs, attempt) =>
        listener({ event: 'connect-retried', host: host.name, why, pauseMs, attempt }),
      signal,
    }),
});
