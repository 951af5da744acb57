import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

import { dropIns, literal, readDropIns } from './drop-ins.ts';

/** A kernel parameter: as it is now, and what the files say that systemd-sysctl applies at boot. */
export type SysctlAnswer = {
  /** Null when the kernel has no such parameter, or not before a module is loaded. */
  readonly live: string | null;
  /** In the order they are applied: the last one wins. */
  readonly files: readonly { readonly path: string; readonly value: string }[];
};

/** A kernel parameter by its dotted key. */
export const sysctlValue = (key: string): Fact<SysctlAnswer> => fact(family, key);

const family: Family<string, SysctlAnswer> = {
  name: 'sysctl',
  sharesShell: true,
  script: (keys) =>
    lines(
      sh`grep -Hs '' ${keys.map(procPath)} || :`,
      // A line's key may be written with slashes, and a dash in front means that a failure is ignored.
      dropIns(['sysctl.d'], `^[[:space:]]*-?[[:space:]]*(${keys.map(keyPattern).join('|')})[[:space:]]*=`),
    ),
  parse: (output, keys) => {
    const rows = output.split('\n');
    const border = rows.findIndex((row) => row.startsWith('file ') || row === 'lines');
    const live = border < 0 ? rows : rows.slice(0, border);
    const settings = readDropIns(rows.slice(Math.max(border, 0)).join('\n')).map(readSetting);
    return keys.map((key) => ({
      live: readLive(live, key),
      files: settings
        .filter((setting) => setting.key === dotted(key))
        .map(({ path, value }) => ({ path, value })),
    }));
  },
  bare: () => ({ live: null, files: [] }),
};

const procPath = (key: string): string => `/proc/sys/${key.includes('/') ? key : key.replaceAll('.', '/')}`;

const keyPattern = (key: string): string => literal(dotted(key)).replaceAll('\\.', '[./]');

const dotted = (key: string): string => key.replaceAll('/', '.');

function readLive(rows: readonly string[], key: string): string | null {
  const prefix = `${procPath(key)}:`;
  const values = rows.filter((row) => row.startsWith(prefix)).map((row) => row.slice(prefix.length));
  return values.length === 0 ? null : normal(values.join('\n'));
}

function readSetting({ path, line }: { path: string; line: string }): {
  path: string;
  key: string;
  value: string;
} {
  const split = line.indexOf('=');
  const key = line.slice(0, split).trim().replace(/^-\s*/, '');
  return { path, key: dotted(key), value: normal(line.slice(split + 1)) };
}

/** The kernel prints several numbers with tabs between them. */
const normal = (value: string): string => value.trim().replaceAll(/[ \t]+/g, ' ');
