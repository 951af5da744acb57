import type { Duplex } from 'node:stream';

/** How often in the time that a host has to answer it is looked whether it did. */
const TICKS = 20;
/** A host that goes on saying something, and lets nobody in, is given up after so many times the limit. sshd itself waits 120 s. */
const LIMITS = 12;

/** A host that keeps silent. `stop` ends the watch over it. */
export interface Silence {
  /** Rejects, as ssh2 does for its own limit, when the host has said nothing for too long; never resolves. */
  readonly broken: Promise<never>;
  stop(): void;
}

/**
 * Tells of a host that says nothing for `limitMs`. That is counted in ticks, and one that comes late counts as any other: where
 * this machine is too busy to read and to answer, with the logins to many other hosts, that is no fault of the host.
 *
 * @param stream somebody else reads it already.
 * @see https://man.openbsd.org/sshd_config#LoginGraceTime (OpenSSH 10.0)
 */
export function silenceOf(stream: Duplex, limitMs: number): Silence {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (why: string): void => reject(Object.assign(new Error(why), { level: 'client-timeout' }));
  let [ticks, silentTicks] = [0, 0];
  const hear = (): void => {
    silentTicks = 0;
  };
  const timer = setInterval(() => {
    [ticks, silentTicks] = [ticks + 1, silentTicks + 1];
    if (silentTicks >= TICKS) giveUp(`it said nothing for ${limitMs / 1000} s`);
    else if (ticks >= TICKS * LIMITS) giveUp(`it had ${(limitMs * LIMITS) / 1000} s for it`);
  }, limitMs / TICKS);
  stream.on('data', hear);
  return {
    broken: promise,
    stop: () => {
      clearInterval(timer);
      stream.off('data', hear);
    },
  };
}
