import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

import { readBlocks } from './systemd-blocks.ts';

/** A systemd unit, in systemd's own words. */
export type UnitAnswer = {
  /** `loaded`, `not-found`, `masked`, ... */
  readonly load: string;
  /** `enabled`, `disabled`, `static`, `masked`, ...; empty when there is no unit file. */
  readonly file: string;
  /** The unit file changed on disk since systemd read it. */
  readonly needsReload: boolean;
  /** `active`, `inactive`, `activating`, ...; null when not asked for. */
  readonly active: string | null;
  /** When its main process was started: seconds since 1970 with six decimals; null when it never was, or not asked for. */
  readonly startedAt: string | null;
};

type UnitQuestion = { readonly unit: string; readonly active: boolean };

/** A unit, whether it runs and since when. */
export const unitState = (name: string): Fact<UnitAnswer> =>
  fact(family, { unit: unitName(name), active: true });

/** A unit without its activity, for one that may come and go: the kubelet restarts all the time before init. */
export const unitFile = (name: string): Fact<UnitAnswer> =>
  fact(family, { unit: unitName(name), active: false });

/** With the suffix that systemctl would add. */
export const unitName = (name: string): string =>
  /\.(service|socket|target|timer|mount|swap|path|slice)$/.test(name) ? name : `${name}.service`;

const family: Family<UnitQuestion, UnitAnswer> = {
  name: 'unit',
  sharesShell: true,
  // --timestamp=us+utc is known from systemd 248 on: https://www.freedesktop.org/software/systemd/man/257/systemctl.html#--timestamp=
  script: (questions) =>
    sh`systemctl show --timestamp=us+utc -p LoadState,UnitFileState,NeedDaemonReload,ActiveState,ExecMainStartTimestamp -- ${unitsOf(questions)} 2>/dev/null || :`,
  parse: (output, questions) => {
    // A host without systemd prints nothing.
    if (output.trim() === '') return questions.map(family.bare);
    const units = unitsOf(questions);
    const blocks = readBlocks(output, units.length);
    return questions.map(({ unit, active }) => {
      const block = blocks[units.indexOf(unit)] ?? {};
      return {
        load: block['LoadState'] ?? '',
        file: block['UnitFileState'] ?? '',
        needsReload: block['NeedDaemonReload'] === 'yes',
        active: active ? (block['ActiveState'] ?? '') : null,
        startedAt: active ? epochSeconds(block['ExecMainStartTimestamp'] ?? '') : null,
      };
    });
  },
  bare: ({ active }) => ({
    load: 'not-found',
    file: '',
    needsReload: false,
    active: active ? 'inactive' : null,
    startedAt: null,
  }),
};

const unitsOf = (questions: readonly UnitQuestion[]): readonly string[] => [
  ...new Set(questions.map(({ unit }) => unit)),
];

/** `Sat 2026-11-21 01:36:25.209783 UTC` as seconds, digit by digit: a number would lose the microseconds. */
function epochSeconds(timestamp: string): string | null {
  if (timestamp === '' || timestamp === 'n/a') return null;
  const fields = /^\S+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{6}))? UTC$/.exec(timestamp);
  if (fields === null) throw new Error(`not a time of systemd: ${JSON.stringify(timestamp)}`);
  const [, day, time, micros = '000000'] = fields;
  return `${Date.parse(`${day}T${time}Z`) / 1000}.${micros}`;
}
