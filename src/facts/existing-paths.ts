import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { plainPatterns } from './plain-patterns.ts';

/** Those paths that there are, of shell patterns. */
export const existingPaths = (patterns: readonly string[]): Fact<readonly string[]> =>
  fact(family, [...patterns]);

const family: Family<string[], readonly string[]> = {
  name: 'existing-paths',
  sharesShell: true,
  script: (questions) =>
    lines(
      ...questions.map(
        (patterns) => sh`for path in ${embed(plainPatterns(patterns))}; do
if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' "$path"; fi
done
echo end`,
      ),
    ),
  parse: (output, questions) =>
    endedAnswers(output, questions).map((answer) => answer.split('\n').filter((path) => path !== '')),
  bare: () => [],
};
