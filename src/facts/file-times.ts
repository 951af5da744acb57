import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, type Script, sh } from '#core/shell.ts';

import { plainPatterns } from './plain-patterns.ts';

/** A file, and when it was last written: seconds since 1970 with nine decimals, as text. */
export type FileTime = { readonly path: string; readonly mtime: string };

/** The files that match shell patterns, and when each was written. */
export const fileTimes = (patterns: readonly string[]): Fact<readonly FileTime[]> => fact(family, patterns);

const family: Family<readonly string[], readonly FileTime[]> = {
  name: 'file-times',
  sharesShell: true,
  // One program for all: the root, which is always there and matches no pattern, ends the files of each question.
  script: (questions) =>
    sh`stat -L --printf='%.9Y %n\n' ${embed(questions.map((patterns) => `${plainPatterns(patterns)} /`).join(' ') as Script)} 2>/dev/null || :`,
  parse: (output, questions) => {
    const answers = output.split(END).slice(0, -1);
    if (answers.length !== questions.length)
      throw new Error(`${questions.length} questions, ${answers.length} answers: the output is cut off`);
    return answers.map((answer) =>
      [...answer.matchAll(/^(\d+\.\d{9}) (.+)$/gm)].map(([, mtime = '', path = '']) => ({ path, mtime })),
    );
  },
  bare: () => [],
};

const END = /^\d+\.\d{9} \/$/m;
