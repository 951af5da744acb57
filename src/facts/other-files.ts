import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

export type DropInText = { readonly path: string; readonly text: string };

/** The files beside one of them, by their names, of a program that reads every file there is. */
export const otherFiles = (path: string): Fact<readonly DropInText[]> => fact(family, path);

/** No configuration is larger. */
const LIMIT_BYTES = 262_144;

const family: Family<string, readonly DropInText[]> = {
  name: 'other-files',
  sharesShell: true,
  script: (paths) =>
    lines(
      ...paths.map(
        (path) => sh`for file in ${path.slice(0, path.lastIndexOf('/'))}/*; do
[ -f "$file" ] && [ "$file" != ${path} ] && printf 'file %s ' "$file" && head -c ${LIMIT_BYTES} -- "$file" | base64 -w0 && echo
done
echo end`,
      ),
    ),
  parse: (output, paths) => {
    const answers = endedAnswers(output, paths);
    return paths.map((_, index) =>
      [...(answers[index] ?? '').matchAll(/^file (.*) (\S*)$/gm)]
        .map(([, path = '', content = '']) => ({ path, text: Buffer.from(content, 'base64').toString() }))
        .toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    );
  },
  bare: () => [],
};
