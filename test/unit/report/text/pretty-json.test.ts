import { expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { prettyJson } from '#report/text/pretty-json.ts';
import { threeHosts } from '../plan/fixture-plan.ts';

const rendered = (value: unknown): string => [...prettyJson(value)].join('');

test('JSON plan has the same bytes whatever the order of keys, and ends with a newline', () => {
  const plan = threeHosts();
  const turned = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as typeof plan;
  expect(rendered(turned)).toBe(rendered(plan));
  expect(rendered(plan)).toMatch(/\}\n$/);
});

test('JSON plan is read back as it was', () => {
  expect(JSON.parse(rendered(threeHosts()))).toEqual(JSON.parse(JSON.stringify(threeHosts())));
});

test('pretty JSON sorts keys', () => {
  expect(rendered({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(
    '{\n  "a": [\n    {\n      "c": "x",\n      "d": null\n    }\n  ],\n  "b": 1\n}\n',
  );
});

test('pieces are what JSON.stringify makes of the whole', () => {
  const values: readonly Json[] = [
    null,
    'line\nline',
    [],
    {},
    { deep: { deeper: { deepest: [1, { a: 'x\ny' }] } }, empty: {}, list: [] },
    [[[[]]], [{}, { a: [] }]],
  ];
  for (const value of values) expect(rendered(value)).toBe(`${JSON.stringify(value, null, 2)}\n`);
  expect([...prettyJson(threeHosts())].length).toBeGreaterThan(threeHosts().nodes.length);
});
