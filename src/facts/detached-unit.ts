import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Whether a program that an earlier run started detached is still running. */
const detachedFamily: Family<string, boolean> = {
  name: 'detached',
  // is-active exits 3 for a unit that is not active or not there; what it prints is the answer
  script: (units) => sh`systemctl is-active ${units} || :`,
  parse: (output, units) => {
    const states = output.trimEnd().split('\n');
    return units.map((_, index) => states[index] === 'active' || states[index] === 'activating');
  },
  bare: () => false,
};

export const detachedRunning = (unit: string): Fact<boolean> => fact(detachedFamily, `${unit}.service`);
