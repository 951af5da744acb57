import { endedAnswers } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';
import type { OtherEntries } from '#distributions/distribution-family.ts';

import { entryPath, REPOSITORIES } from './repository-files.ts';

/**
 * Repositories of the same id in files of other names: dnf takes one of them, and says of the other no more than a warning.
 * Entries of the same place under another id are none of slipway's business: both are read.
 *
 * @see https://github.com/rpm-software-management/dnf/blob/4.14.0/dnf/repodict.py (add)
 */
export const otherEntries: OtherEntries = {
  script: (questions) =>
    lines(
      ...questions.map(
        ({ name }) => sh`for path in ${REPOSITORIES}/*.repo; do
[ -f "$path" ] && [ "$path" != ${entryPath(name)} ] || continue
case $path in /etc/*[!A-Za-z0-9_./-]*) continue;; esac
grep -qsF ${`[${name}]`} "$path" || continue
printf 'file %s ' "$path"; base64 -w0 <"$path"; echo
done
echo end`,
      ),
    ),
  parse: (output, questions) =>
    endedAnswers(output, questions).map((answer) => ({
      files: [...answer.matchAll(/^file (\S+) (\S*)$/gm)].map(([, path = '', content = '']) => ({
        path,
        text: Buffer.from(content, 'base64').toString(),
      })),
      keyrings: {},
    })),
  judge: (name, source, _machine, { files }) => {
    const rival = files.flatMap(({ path, text }) => {
      const index = text.split('\n').findIndex((row) => row.trim() === `[${name}]`);
      return index < 0 ? [] : [`${path}:${index + 1}`];
    })[0];
    return rival === undefined
      ? undefined
      : {
          verdict: 'conflicts',
          why: `${rival} has a repository ${name} as well, and of two with one name dnf takes only one`,
          hint: `take that entry out, for slipway writes one of its own of ${source.url}, or give it another name in the brackets`,
        };
  },
};
