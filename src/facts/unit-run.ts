import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

import { readBlocks } from './systemd-blocks.ts';
import { unitName } from './unit.ts';

/** How a unit's main process came to run: it moves by itself. */
export type UnitRunAnswer = {
  /** `running`, `auto-restart`, `dead`, ... */
  readonly sub: string;
  /** When the main process was started: seconds since 1970 with six decimals; null when it never was. */
  readonly startedAt: string | null;
  /** How often systemd restarted it by itself. */
  readonly restarts: number;
};

export const unitRun = (name: string): Fact<UnitRunAnswer> => fact(family, unitName(name));

const family: Family<string, UnitRunAnswer> = {
  name: 'unit-run',
  isVolatile: true,
  // --timestamp=us+utc is known from systemd 248 on: https://www.freedesktop.org/software/systemd/man/257/systemctl.html#--timestamp=
  script: (units) =>
    sh`systemctl show --timestamp=us+utc -p Id,SubState,ExecMainStartTimestamp,NRestarts -- ${units} 2>/dev/null || :`,
  parse: (output, units) => {
    if (output.trim() === '') return units.map(family.bare);
    return readBlocks(output, units.length).map((block) => ({
      sub: block['SubState'] ?? '',
      startedAt: epochSeconds(block['ExecMainStartTimestamp'] ?? ''),
      restarts: Number(block['NRestarts'] ?? 0),
    }));
  },
  bare: () => ({ sub: 'dead', startedAt: null, restarts: 0 }),
};

/** `Sat 2026-11-21 01:36:25.209783 UTC` as seconds, digit by digit: a number would lose the microseconds. */
function epochSeconds(timestamp: string): string | null {
  if (timestamp === '' || timestamp === 'n/a') return null;
  const fields = /^\S+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{6}))? UTC$/.exec(timestamp);
  if (fields === null) throw new Error(`not a time of systemd: ${JSON.stringify(timestamp)}`);
  const [, day, time, micros = '000000'] = fields;
  return `${Date.parse(`${day}T${time}Z`) / 1000}.${micros}`;
}
