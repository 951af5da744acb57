import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { plainPatterns } from './plain-patterns.ts';

type OwnedFilesQuestion = { readonly pattern: string; readonly mark: string };

/** Paths that match a shell pattern, of files whose first line is the mark. */
export const ownedFiles = (pattern: string, mark: string): Fact<readonly string[]> =>
  fact(family, { pattern, mark });

const family: Family<OwnedFilesQuestion, readonly string[]> = {
  name: 'owned-files',
  sharesShell: true,
  script: (questions) =>
    lines(
      ...questions.map(
        ({ pattern, mark }) => sh`for path in ${embed(plainPatterns([pattern]))}; do
[ -f "$path" ] && IFS= read -r first <"$path" && [ "$first" = ${mark} ] && printf '%s\n' "$path"
done
echo end`,
      ),
    ),
  parse: (output, questions) => {
    return endedAnswers(output, questions).map((answer) => answer.split('\n').filter((path) => path !== ''));
  },
  bare: () => [],
};
