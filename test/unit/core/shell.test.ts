import { expect, it } from 'vitest';

import { inexactNumber } from '#core/json.ts';
import { quote } from '#core/shell.ts';

it.each([
  ['', "''"],
  ['a', 'a'],
  ['/etc/a_b-c.d:1,2@3%4+5=6', '/etc/a_b-c.d:1,2@3%4+5=6'],
  ['1.7.28~debian-1', '1.7.28~debian-1'],
  ['~', "'~'"],
  ['a:~', "'a:~'"],
  ['a b', "'a b'"],
  ["it's", `'it'\\''s'`],
  ['$HOME', "'$HOME'"],
  ['a\nb', "'a\nb'"],
  ['ü', "'ü'"],
])('a shell reads one word: %j', (word, quoted) => {
  expect(quote(word)).toBe(quoted);
});

it('words of many MB are read without running out of stack: a program travels as one', () => {
  const long = 'A'.repeat(32_000_000);
  expect(quote(long)).toHaveLength(long.length);
  expect(quote(`${long} `)).toHaveLength(long.length + 3);
  expect(inexactNumber(`{"a": "${long}${'\\"'.repeat(8_000_000)}", "b": 9007199254740993}`)).toBe(
    '9007199254740993',
  );
});
