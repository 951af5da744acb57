/** A table of Markdown; its cells may hold bars, and nothing in them is a tag. */
export const markdownTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows.map((row) => row.map(inCells))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** As code, on one line. */
export const code = (text: string): string =>
  text === '' ? '`""`' : `\`${text.replaceAll('\n', String.raw`\n`).replaceAll('`', "'")}\``;

/** Text in which nothing is a tag. */
export const plain = (text: string): string => text.replaceAll('<', '&lt;');

const inCells = (text: string): string => text.replaceAll('|', String.raw`\|`);
