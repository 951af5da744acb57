import { describe, expect, test } from 'vitest';

import { formatDuration } from '#report/text/duration.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { plainOutput, printable, truncate, wrap } from '#report/text/text-layout.ts';

describe('wrap', () => {
  test('breaks at spaces, and never a word', () => {
    expect(wrap('one two three four five six', 20)).toEqual(['one two three four', 'five six']);
    expect(wrap('x'.repeat(45), 20)).toEqual(['x'.repeat(45)]);
    expect(wrap('see https://example.com/a/long/path there', 20)).toEqual([
      'see',
      'https://example.com/a/long/path',
      'there',
    ]);
    expect(wrap('  /a/path/longer/than/the/line, and more', 20)).toEqual([
      '  /a/path/longer/than/the/line,',
      'and more',
    ]);
  });

  test('keeps line breaks and short lines', () => {
    expect(wrap('a\n\nb', 20)).toEqual(['a', '', 'b']);
  });
});

describe('text of others', () => {
  test('is shown with its control characters written out', () => {
    expect(printable('a\u001b[31mb\u0000\r\tc\nd')).toBe('a^[[31mb^@^M\tc\nd');
  });

  test('is shown in the order it has, and steers no terminal with what ASCII lacks', () => {
    expect(printable('a\u009b31mb \u202etxt\u2066\u00e9')).toBe('a\\u009b31mb \\u202etxt\\u2066\u00e9');
  });

  test('as output loses its colours', () => {
    expect(plainOutput('\u001b[31mE: failed\u001b[0m\n')).toBe('E: failed');
  });
});

test('truncated text says so', () => {
  expect(truncate('abcdef', 6)).toBe('abcdef');
  expect(truncate('abcdefg', 6)).toBe('abc...');
  expect(truncate('abcdefg', 2)).toBe('..');
});

describe('duration', () => {
  test.each([
    [0, '0.0s'],
    [8140, '8.1s'],
    [59_940, '59.9s'],
    [59_960, '1m 00s'],
    [125_000, '2m 05s'],
    [3_780_000, '1h 03m'],
  ])('%i ms is %s', (elapsedMs, text) => {
    expect(formatDuration(elapsedMs)).toBe(text);
  });
});

describe('hosts', () => {
  test('are named one by one while they are few', () => {
    expect(formatHosts(['cp1', 'gpu01', 'gpu02'])).toBe('cp1, gpu01, gpu02');
  });

  test('are folded into runs when they are many, with gaps kept', () => {
    const hosts = Array.from({ length: 120 }, (_, index) => `gpu${String(index + 1).padStart(3, '0')}`);
    expect(formatHosts(['cp1', ...hosts])).toBe('cp1, gpu001..gpu120');
    expect(formatHosts(hosts.filter((name) => name !== 'gpu077'))).toBe('gpu001..gpu076, gpu078..gpu120');
  });

  test('with numbers of growing length are one run', () => {
    const hosts = Array.from({ length: 30 }, (_, index) => `node${index + 1}`);
    expect(formatHosts(hosts)).toBe('node1..node30');
  });
});
