import fc from 'fast-check';
import { parse } from 'marked';
import { expect, test } from 'vitest';

import { code, codeBlock, details, prose } from '#report/text/markdown.ts';
import { printable } from '#report/text/text-layout.ts';

/** What Markdown and HTML make something of. */
const marks = [
  '`',
  '```',
  '|',
  '<',
  '>',
  '</details>',
  '&amp;',
  '*',
  '__',
  '\\',
  '[a](b)',
  '#',
  '- ',
  '~~',
  '$',
  '!',
];
const nasty = fc
  .array(fc.constantFrom(...marks, 'www.a.b', 'http://x.y', '\n', '\n\n', '\t', '\r', '"', ' ', 'word'), {
    maxLength: 9,
  })
  .map((parts) => `a${parts.join('')}z`);

const html = (markdown: string): string => parse(markdown, { async: false });

/** The text that a reader sees, without the spaces, and whatever tags are around it. */
const seen = (markup: string): string => {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
  return markup
    .replaceAll(/<\/?[a-z0-9]+[^>]*>/g, '')
    .replaceAll(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => entities[name] ?? '')
    .replaceAll(/\s/g, '');
};
const wanted = (text: string): string => printable(text).replaceAll(/\s/g, '');

const tags = (markup: string): string => [...markup.matchAll(/<[^>]*>/g)].map(([tag]) => tag).join('');

test('prose is one paragraph of exactly that text', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const markup = html(prose(text));
      expect(tags(markup).replaceAll('<br>', '')).toBe('<p></p>');
      expect(seen(markup)).toBe(wanted(text));
    }),
  );
});

test('code is one span of exactly that text', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const markup = html(code(text));
      expect(tags(markup)).toBe('<p><code></code></p>');
      expect(seen(markup)).toBe(wanted(text));
    }),
  );
});

test('code keeps a backtick and a space at its ends', () => {
  expect(html(code('`a` '))).toBe('<p><code>`a` </code></p>\n');
});

test('block of code in unfolded details is exactly its lines', () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), nasty, (lines, title) => {
      const markup = html(details(title, codeBlock('diff', lines).join('\n')));
      expect(tags(markup)).toBe(
        '<details><summary></summary><pre><code class="language-diff"></code></pre></details>',
      );
      expect(seen(markup)).toBe(wanted(title + lines.join('')));
    }),
  );
});
