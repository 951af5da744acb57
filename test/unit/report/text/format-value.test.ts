import { expect, test } from 'vitest';

import { formatValue } from '#report/text/format-value.ts';

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
])('value %j is written %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});
