import { describe, expect, test } from 'vitest';

import { painter } from '#report/text/paint.ts';
import { formatScalar, formatValue, isText, textBlock } from '#report/plan/text-difference.ts';

const paint = painter(false);
const numbered = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');

describe('value', () => {
  test.each([
    [null, '(none)'],
    ['1.34.9', '1.34.9'],
    ['', '""'],
    ['two words', 'two words'],
    [' padded ', '" padded "'],
    ['(none)', '"(none)"'],
    [['overlay', 'br_netfilter'], '["overlay", "br_netfilter"]'],
    [{ a: [1, true], b: null }, '{"a": [1, true], "b": null}'],
    [[], '[]'],
    [false, 'false'],
  ])('%j is written %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe('difference', () => {
  test('of scalars shows both, of something new the new one', () => {
    expect(formatScalar({ what: 'live value', from: '0', to: '1' }, false)).toBe('live value: 0 -> 1');
    expect(formatScalar({ what: 'version', from: null, to: '2.2.7' }, true)).toBe('version: 2.2.7');
    expect(formatScalar({ what: 'held', from: null, to: true }, false)).toBe('held: (none) -> true');
  });

  test('of lines is a text, of a word is none', () => {
    expect(isText({ what: 'content', from: null, to: 'a\nb\n' })).toBe(true);
    expect(isText({ what: 'version', from: null, to: 'a b' })).toBe(false);
  });

  test('of a new file is folded when it is long, and whole when asked for', () => {
    const difference = { what: 'content', from: null, to: numbered(136) };
    const folded = textBlock(difference, false, paint).lines;
    expect(folded).toHaveLength(17);
    expect(folded.at(-1)).toBe('... 120 more lines (-v shows all)');
    expect(textBlock(difference, true, paint).lines).toHaveLength(136);
  });

  test('of a file shows what changes with three lines around it', () => {
    const to = numbered(20).replace('line 10\n', 'line ten\n');
    expect(textBlock({ what: 'content', from: numbered(20), to }, false, paint).lines).toEqual([
      '@@ -7,7 +7,7 @@',
      ' line 7',
      ' line 8',
      ' line 9',
      '-line 10',
      '+line ten',
      ' line 11',
      ' line 12',
      ' line 13',
    ]);
  });

  test('of a file that goes shows it removed', () => {
    expect(textBlock({ what: 'content', from: 'a\nb\n', to: null }, false, paint).lines).toEqual([
      '-a',
      '-b',
    ]);
  });
});
