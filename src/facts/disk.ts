import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Room in the file system that a path is, or would be, in. */
export type DiskAnswer = { readonly freeKib: number };

export const diskSpace = (path: string): Fact<DiskAnswer> => fact(family, path);

const family: Family<string, DiskAnswer> = {
  name: 'disk',
  sharesShell: true,
  isVolatile: true,
  script: (paths) => sh`df -Pk -- ${paths}`,
  parse: (output, paths) => {
    const rows = output.trim().split('\n').slice(1);
    if (rows.length !== paths.length) throw new Error(`df told of ${rows.length} paths, not ${paths.length}`);
    return rows.map((row) => {
      // A device may have blanks in its name: the figures are found by the percent sign.
      const free = / (\d+) +\d+% /.exec(row)?.[1];
      if (free === undefined) throw new Error(`not a line of df: ${JSON.stringify(row)}`);
      return { freeKib: Number(free) };
    });
  },
  bare: () => ({ freeKib: 100 * 1024 * 1024 }),
};
