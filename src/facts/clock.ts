import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** How far a host's clock is from the controller's. */
export type ClockAnswer = {
  /** Positive when the host is ahead; 0 when it lies between the moments of asking and of hearing. */
  readonly skewMs: number;
};

export const clock = (): Fact<ClockAnswer> => fact(family, null);

/**
 * The moment of asking travels with the question: a host's time that lies between it and the moment of the
 * answer says nothing against the clock, however slow the way was.
 */
export const clockFamily = (now: () => number): Family<null, ClockAnswer> => ({
  name: 'clock',
  sharesShell: true,
  isVolatile: true,
  script: () => sh`echo ${now()} "$(date +%s%N)"`,
  parse: (output, questions) => {
    const match = /^(\d+) (\d+)\d{6}$/.exec(output.trim());
    if (match === null) throw new Error(`not a time: ${JSON.stringify(output)}`);
    const askedMs = Number(match[1]);
    const hostMs = Number(match[2]);
    const skewMs = Math.min(hostMs - askedMs, 0) + Math.max(hostMs - now(), 0);
    return questions.map(() => ({ skewMs }));
  },
  bare: () => ({ skewMs: 0 }),
});

const family = clockFamily(Date.now);
