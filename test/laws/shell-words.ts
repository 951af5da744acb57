/**
 * The simple commands of a script as words, in order; undefined where the script has anything a shell would do more
 * about than split and unquote it: variables, pipes, conditions.
 */
export function simpleCommands(script: string): readonly (readonly string[])[] | undefined {
  const commands: string[][] = [];
  for (const [, text = '', end = ''] of script.matchAll(PARTS)) {
    if (commands.length === 0 || end === '\n') commands.push([]);
    if (end !== '') continue;
    const word = unquoted(text);
    if (word === undefined) return undefined;
    commands.at(-1)?.push(word);
  }
  return commands.filter((words) => words.length > 0);
}

/** A word, or the end of a line. */
const PARTS = /((?:'[^']*'|\\.|[^\s'])+)|(\n)/gs;

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]$/;

/** As `quote` writes it: pieces in single quotes, quotes behind a backslash, and what needs neither. */
function unquoted(text: string): string | undefined {
  const pieces = [...text.matchAll(/'([^']*)'|\\(.)|([^'\\])/gs)].map(([, quoted, escaped, plain]) =>
    plain === undefined ? (quoted ?? escaped) : PLAIN.test(plain) ? plain : undefined,
  );
  return pieces.includes(undefined) ? undefined : pieces.join('');
}
