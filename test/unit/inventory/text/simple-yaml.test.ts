import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readAnyYaml } from '#inventory/text/document.ts';
import { readSimpleYaml } from '#inventory/text/simple-yaml.ts';

import { runs } from '../../../support/runs.ts';

const EXAMPLE = readFileSync(new URL('../../../../inventory.yaml', import.meta.url), 'utf8');

/** What the parser reads there, which must find nothing wrong. */
function parsed(text: string): unknown {
  const { value, problems } = readAnyYaml(text, 'inventory.yaml');
  expect(problems, text).toEqual([]);
  return value;
}

const SIMPLE: readonly (readonly [string, string])[] = [
  ['the example', EXAMPLE],
  ['maps by indentation', 'a:\n  b:\n    c: d\n  e: f\ng: h\n'],
  ['lists by indentation', 'a:\n  - b\n  - c: d\n    e: f\n  -\n    g: h\n  -   i: j\n      k: l\n'],
  ['lists that are not indented', 'a:\n- b\n- c:\n  - d\n  e: f\ng: h\n'],
  ['brackets', 'a: {b: [c, "d, e", {}], f: { g: [ ] , h: i j } }\n'],
  ['quotes', `a: "b # c: d"\ne: 'it''s'\n"f g": {"h/i": 'j'}\n`],
  ['words with colons', 'a: 10.0.0.1:22\nb: {c: "d:e", f: g.h/i=j:NoSchedule}\nk: https://l/m?n={o}\n'],
  ['references', 'a: ${NAME:-b}\nc: x${Y}z # d\n'],
  ['numbers', 'a: 0\nb: 22\nc: {d: 6443}\ne: 1.34.9\nf: 10.0.0.0/8\ng: 1_000\n'],
  ['truth and nothing', 'a: true\nb: {c: False, d: null}\ne: ~\nf:\ng: yes\nh: nullable\n'],
  ['comments', '---\n# a\nb: # c\n      # d\n  e: f#g # h\n\n# i\n  j: [k] # l\n'],
  ['letters of other languages', '# Büro\na: Büro\nb: 東京\n'],
  ['nothing at the end', 'a:\n  b:'],
];

describe('what is written in the simplest words is read as the parser reads it', () => {
  test.each(SIMPLE)('%s', (_, text) => {
    const value = readSimpleYaml(text);
    expect(value).toBeDefined();
    expect(JSON.stringify(value)).toBe(JSON.stringify(parsed(text)));
  });
});

describe('all else is left to the parser', () => {
  test.each([
    ['nothing', ''],
    ['comments alone', '# a\n'],
    ['a list', '- a\n'],
    ['a second document', 'a: b\n---\nc: d\n'],
    ['a key that stands twice', 'a: b\na: c\n'],
    ['the same in brackets', 'a: {b: c, b: d}\n'],
    ['anchors and aliases', 'a: &b c\nd: *b\n'],
    ['tags', 'a: !!str 1\n'],
    ['merge keys', 'a: {"<<": {}}\n'],
    ['text over several lines', 'a: |\n  b\n'],
    ['a word over several lines', 'a: b\n  c\n'],
    ['brackets over several lines', 'a: [b,\n  c]\n'],
    ['escapes', 'a: "b\\nc"\n'],
    ['tabs', 'a:\n\tb: c\n'],
    ["Windows' ends of lines", 'a: b\r\n'],
    ['invisible characters', 'a: b\u200bc\n'],
    ['numbers in other words', 'a: 1.30\n'],
    ['numbers in other digits', 'a: 0o17\n'],
    ['infinity', 'a: .inf\n'],
    ['large numbers', 'a: 12345678901234567890\n'],
    ['a second colon', 'a: b: c\n'],
    ['a missing space', 'a:b\n'],
    ['indentation that fits nothing', 'a:\n    b: c\n  d: e\n'],
    ['lists in lists', 'a:\n  - - b\n'],
    ['a missing bracket', 'a: {b: c\n'],
    ['a missing value', 'a: {b}\n'],
    ['a missing quote', 'a: "b\n'],
    ['what follows a quote', 'a: "b" c\n'],
    ['long lines', `a: ${'b'.repeat(2000)}\n`],
    ['depth', `a: ${'['.repeat(30)}${']'.repeat(30)}\n`],
  ])('%s', (_, text) => {
    expect(readSimpleYaml(text)).toBeUndefined();
  });
});

const PIECES = [
  [' ', '  ', '\n', '- ', '-', ': ', ':', ', ', '{', '}', '[', ']', '#', ' # ', '"', "'", "''", '\\'],
  ['a', 'key: ', '"q r"', '"a": ', '{a: 1}', '[b, c]', '{}', '[]', '- b: c\n', '  d: e\n', 'f:\n'],
  ['~', 'null', 'True', 'yes', '0', '42', '-1', '01', '0x1F', '1.5', '1e3', '.5', '.nan', '1_0', '+1'],
  ['&a ', '*a', '!t ', '|\n', '>\n', '? ', '%', '---\n', '...\n', '@', '`', '<<: ', '\t', '\r', '\u00a0'],
  ['__proto__: ', '1: ', 'null: ', 'http://x/y', 'a:b', '${X}', 'a  b', 'x#y', 'é', '2020-01-01'],
].flat();

test('whatever is written, it is read as the parser reads it, or left', () => {
  const piece = fc.constantFrom(...PIECES);
  const made = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
  const changed = fc
    .tuple(fc.constantFrom(...SIMPLE), fc.array(fc.tuple(fc.nat(), fc.nat(4), piece), { maxLength: 3 }))
    .map(([[, text], edits]) =>
      edits.reduce((before, [place, without, put]) => {
        const at = place % (before.length + 1);
        return `${before.slice(0, at)}${put}${before.slice(at + without)}`;
      }, text),
    );
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(made, changed), (text) => {
      const value = readSimpleYaml(text);
      if (value === undefined) return;
      read += 1;
      expect(JSON.stringify(value), text).toBe(JSON.stringify(parsed(text)));
    }),
    { numRuns: runs(3000) },
  );
  expect(read).toBeGreaterThan(100);
});
