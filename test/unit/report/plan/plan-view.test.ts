import { expect, test } from 'vitest';

import { planView } from '#report/plan/plan-view.ts';
import { nodesOf, planOf, sysctl, threeHosts, troubled, twoHundredHosts } from './fixture-plan.ts';

test.each([
  ['three hosts', threeHosts()],
  ['two hundred hosts', twoHundredHosts()],
  ['what is in the way', troubled()],
])('plan view of %s is plain data', (_what, plan) => {
  for (const verbose of [false, true]) {
    const view = planView(plan, { verbose });
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    expect(JSON.stringify(view)).not.toContain('\\u001b');
  }
});

test('plan view has a row for what every host of a group has, and variants for what differs', () => {
  const plan = planOf(
    [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    [
      ['a', '0'],
      ['b', '2'],
      ['c', '0'],
    ].flatMap(([host = '', live = '']) => nodesOf(host, [sysctl('vm.overcommit_memory', live)])),
  );
  const [group, ...others] = planView(plan, { verbose: false }).groups;
  expect(others).toEqual([]);
  expect(group).toMatchObject({ hosts: ['a', 'b', 'c'], isOpen: true, isVaried: true });
  const [entry] = group?.phases.flatMap(({ entries }) => entries) ?? [];
  expect(entry?.variants.map(({ hosts, row }) => [hosts, row.facts.map(({ text }) => text)])).toEqual([
    [
      ['a', 'c'],
      ['stored: (none) -> 1', 'live value: 0 -> 1'],
    ],
    [['b'], ['stored: (none) -> 1', 'live value: 2 -> 1']],
  ]);
});

test('plan view has the blocks of a difference line by line, each with its kind', () => {
  const [group] = planView(threeHosts(), { verbose: false }).groups;
  const entries = group?.phases.flatMap((phase) => phase.entries) ?? [];
  const row = entries.find(({ name }) => name === 'file:/etc/fstab')?.variants[0]?.row;
  expect(row).toMatchObject({ kind: 'update', facts: [] });
  expect(row?.blocks.map(({ what }) => what)).toEqual(['content']);
  expect(row?.blocks[0]?.lines.map(({ kind }) => kind)).toEqual([
    'place',
    'same',
    'same',
    'same',
    'removed',
    'added',
    'same',
  ]);
});
