import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { CHECK_NAMES } from '#catalog/check-names.ts';

const src = join(import.meta.dirname, '../../../src');

/** Names in the places where checks are given theirs. */
const GIVEN = [
  /\brefused\(\s*'([A-Z]\w+)'/g,
  /\bcheck\(\{\s*name: '([A-Z]\w+)'/g,
  /\bcheck: '([A-Z]\w+)'/g,
  /\bconst CHECK = '([A-Z]\w+)'/g,
  /^\s+name: '([A-Z]\w+)',$/gm,
];

test('every check that the sources name is known to the inventory, and no other', () => {
  const texts = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => path.endsWith('.ts') && /^(checks|resources|engine|phases|addons|configuration)\//.test(path),
    )
    .map((path) => readFileSync(join(src, path), 'utf8'));
  const found = texts.flatMap((text) =>
    GIVEN.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name)),
  );
  const words = new Set(texts.flatMap((text) => [...text.matchAll(/'([A-Z]\w+)'/g)].map(([, word]) => word)));
  expect(found.filter((name) => !CHECK_NAMES.includes(name ?? ''))).toEqual([]);
  expect(CHECK_NAMES.filter((name) => !words.has(name))).toEqual([]);
});
