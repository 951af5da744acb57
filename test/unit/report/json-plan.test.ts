import { expect, test } from 'vitest';

import { prettyJson, renderJsonPlan } from '#report/json-plan.ts';
import { threeHosts } from './fixture-plan.ts';

test('JSON plan has the same bytes whatever the order of keys, and ends with a newline', () => {
  const plan = threeHosts();
  const turned = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as typeof plan;
  expect(renderJsonPlan(turned)).toBe(renderJsonPlan(plan));
  expect(renderJsonPlan(plan)).toMatch(/\}\n$/);
});

test('JSON plan is read back as it was', () => {
  expect(JSON.parse(renderJsonPlan(threeHosts()))).toEqual(JSON.parse(JSON.stringify(threeHosts())));
});

test('pretty JSON sorts keys', () => {
  expect(prettyJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(
    '{\n  "a": [\n    {\n      "c": "x",\n      "d": null\n    }\n  ],\n  "b": 1\n}\n',
  );
});
