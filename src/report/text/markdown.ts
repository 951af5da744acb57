import { printable } from './text-layout.ts';

/**
 * Text that stands for nothing but itself in a paragraph of Markdown: what would be markup, HTML or mathematics is
 * escaped, and so is what would begin a link, as that takes escapes behind it for a part of itself.
 *
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export const prose = (text: string): string =>
  printable(text)
    .trim()
    .replaceAll(/[\\`*_[\]<>&~|$]|:(?=\/\/)|(?<=www)\./gi, String.raw`\$&`)
    .replaceAll('\n', '<br>');

/**
 * Text in a span of code, between more backticks than there are in it.
 *
 * @see https://spec.commonmark.org/0.31.2/#code-spans
 */
export function code(text: string): string {
  const shown = printable(text).replaceAll('\n', ' ');
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return ticks + pad + shown + pad + ticks;
}

/** Lines in a block of code, fenced by more backticks than there are in them. */
export function codeBlock(language: string, lines: readonly string[]): readonly string[] {
  const shown = lines.flatMap((line) => printable(line).split('\n'));
  const fence = '`'.repeat(Math.max(longestRun(shown.join('\n')) + 1, 3));
  return [fence + language, ...shown, fence];
}

/** A part that is unfolded with a click; its title is plain text, its body is Markdown. */
export const details = (title: string, body: string): string =>
  `<details>\n<summary>${html(title)}</summary>\n\n${body.trimEnd()}\n\n</details>`;

const html = (text: string): string =>
  printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', ' ');

const longestRun = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
