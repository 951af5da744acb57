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
};

type UnitQuestion = { readonly unit: string; readonly active: boolean };

/** A unit and whether it runs. */
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
  script: (questions) =>
    sh`systemctl show -p LoadState,UnitFileState,NeedDaemonReload,ActiveState -- ${questions.map(({ unit }) => unit)} 2>/dev/null || :`,
  parse: (output, questions) => {
    // A host without systemd prints nothing.
    if (output.trim() === '') return questions.map(family.bare);
    return readBlocks(output, questions.length).map((block, index) => ({
      load: block['LoadState'] ?? '',
      file: block['UnitFileState'] ?? '',
      needsReload: block['NeedDaemonReload'] === 'yes',
      active: questions[index]?.active === true ? (block['ActiveState'] ?? '') : null,
    }));
  },
  bare: ({ active }) => ({
    load: 'not-found',
    file: '',
    needsReload: false,
    active: active ? 'inactive' : null,
  }),
};
