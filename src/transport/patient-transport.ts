import { setTimeout as sleep } from 'node:timers/promises';

import type { Listener } from '#core/event.ts';
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
 * Tries again where a host hung up before anybody was let in: an sshd with too many logins under way (MaxStartups)
 * or one that restarts takes the next one. What will not pass by itself is said at once.
 */
export const patientTransport = (
  inner: Transport,
  { listener, signal, pausesMs = PAUSES_MS }: PatientTransportOptions,
): Transport => ({
  connect: async (host) => {
    for (const [index, pauseMs] of pausesMs.entries()) {
      try {
        return await inner.connect(host);
      } catch (error) {
        if (!(error instanceof ConnectionCut) || signal.aborted) throw error;
        const { message: why } = error;
        listener({ event: 'connect-retried', host: host.name, why, pauseMs, attempt: index + 2 });
        await sleep(pauseMs, undefined, { signal });
      }
    }
    return inner.connect(host);
  },
});
