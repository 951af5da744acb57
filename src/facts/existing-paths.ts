import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

/** Those paths that there are, of shell patterns. */
export const existingPaths = (patterns: readonly string[]): Fact<readonly string[]> =>
  fact(family, [...patterns]);

const family: Family<string[], readonly string[]> = {
  name: 'existing-paths',
  sharesShell: true,
  script: (questions) =>
    lines(
      ...questions.map((patterns) => {
        const odd = patterns.find((pattern) => !/^\/[\w/.*+-]+$/.test(pattern));
        if (odd !== undefined) throw new TypeError(`not a plain pattern: ${odd}`);
        return sh`for path in ${embed(patterns.join(' ') as Script)}; do
if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' "$path"; fi
done
echo end`;
      }),
    ),
  parse: (output, questions) =>
    endedAnswers(output, questions).map((answer) => answer.split('\n').filter((path) => path !== '')),
  bare: () => [],
};
