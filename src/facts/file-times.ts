import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { plainPatterns } from './plain-patterns.ts';

/** A file, and when it was last written: seconds since 1970 with nine decimals, as text. */
export type FileTime = { readonly path: string; readonly mtime: string };

/** The files that match shell patterns, and when each was written. */
export const fileTimes = (patterns: readonly string[]): Fact<readonly FileTime[]> => fact(family, patterns);

const family: Family<readonly string[], readonly FileTime[]> = {
  name: 'file-times',
  sharesShell: true,
  script: (questions) =>
    lines(
      ...questions.map(
        (patterns) =>
          sh`stat -L --printf='%.9Y %n\n' ${embed(plainPatterns(patterns))} 2>/dev/null; echo end`,
      ),
    ),
  parse: (output, questions) =>
    endedAnswers(output, questions).map((answer) =>
      [...answer.matchAll(/^(\d+\.\d{9}) (.+)$/gm)].map(([, mtime = '', path = '']) => ({ path, mtime })),
    ),
  bare: () => [],
};
