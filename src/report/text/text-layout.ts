import { stripVTControlCharacters } from 'node:util';

/**
 * Words of text in lines of at most `width`; a word that is longer has a longer line, so that who copies a path or a URL
 * gets all of it. Its own line breaks stay.
 */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(width, 20)));
}

/** Lines with the same indentation before each. */
export const indent = (lines: readonly string[], columns: number): readonly string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line));

/**
 * Text from outside, safe to print: control characters, which could steer the terminal, are written as `^[`, and those
 * that ASCII lacks, or that turn round the order in which text is read, as `\u009b`.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 128 ? `^${String.fromCharCode(code ^ 64)}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });

/** What a program printed, without the colours it put in. */
export const plainOutput = (text: string): string => printable(stripVTControlCharacters(text)).trimEnd();

/** Text of at most `width` columns, ended by three dots where something is missing. */
export const truncate = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(width - 3, 0))}...`.slice(0, Math.max(width, 0));

/** Groups of lines with an empty line between; groups without lines are left out. */
export const paragraphs = (groups: readonly (readonly string[])[]): string =>
  `${groups.flatMap((lines) => (lines.length > 0 ? [lines.join('\n')] : [])).join('\n\n')}\n`;

/** What is the matter, and in a line of its own what to do about it. */
export const withHint = (text: string, hint: string | undefined): string =>
  hint === undefined ? text : `${text}\nHint: ${hint}`;

/** `1 host`, `3 hosts`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The width that a column needs, at most `limit`. */
export const columnWidth = (cells: Iterable<string>, limit = Infinity): number => {
  let width = 0;
  for (const cell of cells) if (cell.length <= limit) width = Math.max(width, cell.length);
  return width;
};

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const start = rest.length - rest.trimStart().length;
    const space = rest.lastIndexOf(' ', width);
    const end = space > start ? space : rest.indexOf(' ', start);
    if (end < 0) break;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
