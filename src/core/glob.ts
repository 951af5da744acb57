/** What a pattern matches as a whole, with `*` for any text and `?` for any character. */
export const globExpression = (pattern: string): RegExp => new RegExp(`^${globSource(pattern)}$`, 's');

/** The same as a part of an expression. */
export const globSource = (pattern: string): string =>
  pattern
    .replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
