import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Whether a program that an earlier run started detached is still running. */
const detachedFamily: Family<string, boolean> = {
  name: 'detached',
  sharesShell: true,
  // systemd keeps the file of a transient unit for as long as there is the unit; is-active exits 3 for one that
  // is not active, and what it prints is the answer.
  script: (units) =>
    sh`for unit in ${units}; do
if [ -e /run/systemd/transient/"$unit" ]; then systemctl is-active "$unit" || :; else echo inactive; fi
done`,
  parse: (output, units) => {
    const states = output.trimEnd().split('\n');
    return units.map((_, index) => states[index] === 'active' || states[index] === 'activating');
  },
  bare: () => false,
};

export const detachedRunning = (unit: string): Fact<boolean> => fact(detachedFamily, `${unit}.service`);
