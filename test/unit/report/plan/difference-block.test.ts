import { expect, test } from 'vitest';

import { type DifferenceBlock, differenceBlock, folded, hasLines } from '#report/plan/difference-block.ts';

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');

const linesOf = ({ lines }: DifferenceBlock): readonly string[] =>
  lines.map(({ kind, text }) => `${kind} ${text}`);

test('difference of lines is a block, of a word is none', () => {
  expect(hasLines({ what: 'content', from: null, to: 'a\nb\n' })).toBe(true);
  expect(hasLines({ what: 'version', from: null, to: 'a b' })).toBe(false);
});

test('difference of a new file is folded when it is long', () => {
  const block = differenceBlock({ what: 'content', from: null, to: numbered(136) });
  expect(block.lines).toHaveLength(136);
  expect(folded(block)).toMatchObject({ what: 'content', folded: 120 });
  expect(folded(block).lines).toEqual(block.lines.slice(0, 16));
});

test('difference of a file is folded later than a new file, and never by one line', () => {
  const changed = differenceBlock({
    what: 'content',
    from: numbered(40),
    to: numbered(40).replaceAll('line', 'row'),
  });
  expect(changed.lines).toHaveLength(81);
  expect(folded(changed)).toMatchObject({ folded: 21 });
  const short = differenceBlock({ what: 'content', from: null, to: numbered(17) });
  expect(folded(short)).toEqual(short);
});

test('difference of a file shows what changes with three lines around it', () => {
  const to = numbered(20).replace('line 10\n', 'line ten\n');
  expect(linesOf(differenceBlock({ what: 'content', from: numbered(20), to }))).toEqual([
    'place @@ -7,7 +7,7 @@',
    'same  line 7',
    'same  line 8',
    'same  line 9',
    'removed -line 10',
    'added +line ten',
    'same  line 11',
    'same  line 12',
    'same  line 13',
  ]);
});

test('difference of a file that goes shows it removed', () => {
  expect(linesOf(differenceBlock({ what: 'content', from: 'a\nb\n', to: null }))).toEqual([
    'removed -a',
    'removed -b',
  ]);
});
