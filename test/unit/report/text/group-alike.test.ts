import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { groupAlike, OWN_NAME } from '#report/text/group-alike.ts';

const valuesOf = (values: Readonly<Record<string, Json>>) =>
  groupAlike(Object.entries(values).map(([host, value]) => ({ host, value })));

test('hosts with the same value are alike, and it is taken as it stands', () => {
  expect(valuesOf({ a: { to: 1 }, b: { to: 2 }, c: { to: 1 } })).toEqual([
    { hosts: ['a', 'c'], value: { to: 1 } },
    { hosts: ['b'], value: { to: 2 } },
  ]);
});

test('hosts that differ by their own names are alike', () => {
  expect(
    valuesOf({ gpu01: ['node gpu01', 'x'], gpu02: ['node gpu02', 'x'], cp1: ['node gpu01', 'x'] }),
  ).toEqual([
    { hosts: ['gpu01', 'cp1'], value: ['node gpu01', 'x'] },
    { hosts: ['gpu02'], value: ['node gpu02', 'x'] },
  ]);
  expect(valuesOf({ gpu01: ['node gpu01', 'x'], gpu02: ['node gpu02', 'x'] })).toEqual([
    { hosts: ['gpu01', 'gpu02'], value: ['node <host>', 'x'] },
  ]);
});

test('what happens to be called as a host is no name of it where others have the same', () => {
  expect(valuesOf({ 1: { live: '1' }, 2: { live: '1' } })).toEqual([
    { hosts: ['1', '2'], value: { live: '1' } },
  ]);
  expect(valuesOf({ 1: ['1', 'node 1'], 2: ['1', 'node 2'], 3: ['1', 'node 3'] })).toEqual([
    { hosts: ['1', '2', '3'], value: ['1', 'node <host>'] },
  ]);
});

test('what happens to be called as a host is no name of it where another host has something else', () => {
  expect(valuesOf({ 1: { live: '1' }, 2: { live: '0' } })).toEqual([
    { hosts: ['1'], value: { live: '1' } },
    { hosts: ['2'], value: { live: '0' } },
  ]);
});

test.each([
  ['node-a', 'node-b'],
  ['a-node', 'b-node'],
  ['a.example', 'b.example'],
  ['nodea', 'nodeb'],
])('a part of a longer word is no name: %s', (left, right) => {
  expect(valuesOf({ a: left, b: right })).toHaveLength(2);
});

test.each(['node a', 'node a.', '/a/', 'https://a:6443', 'name: a\nother: a', 'a'])(
  'a whole word is a name: %j',
  (text) => {
    expect(valuesOf({ a: text, b: text.replaceAll(/\ba\b/g, 'b') })).toHaveLength(1);
  },
);

test('keys, and words of a plan itself, are never names', () => {
  expect(valuesOf({ a: { a: 1 }, b: { b: 1 } })).toHaveLength(2);
  expect(valuesOf({ change: { answer: 'change' }, none: { answer: 'none' } })).toHaveLength(2);
});

test('several values of one host have no other host to differ from', () => {
  const value = 'cp1/kubeadm failed';
  expect(
    groupAlike([
      { host: 'cp1', value },
      { host: 'cp1', value },
    ]),
  ).toEqual([{ hosts: ['cp1', 'cp1'], value }]);
});

test('with the name put in, what is said of hosts is the value of each of them', () => {
  const word = fc.constantFrom('a', 'b', '1', 'answer', 'x', 'node', '-', '.', ' ', '\n', ':', '"', '{"a":"');
  const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(''));
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.constantFrom<Json>(null, 1, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'answer', 'to'), tie('value'), { maxKeys: 2 }),
    ),
  })).value;
  const hosts = fc.constantFrom('a', 'b', '1', 'answer', 'x.node');
  const all = fc.uniqueArray(fc.record({ host: hosts, value: json }), { selector: ({ host }) => host });
  fc.assert(
    fc.property(all, json, fc.boolean(), (own, common, isCommon) => {
      const values = own.map(({ host, value }) => ({
        host,
        value: isCommon ? [common, value, host] : [value],
      }));
      const groups = groupAlike(values);
      expect(groups.flatMap((group) => group.hosts).toSorted()).toEqual(
        own.map(({ host }) => host).toSorted(),
      );
      for (const group of groups) {
        for (const host of group.hosts) {
          const filled: unknown = JSON.parse(JSON.stringify(group.value).replaceAll(OWN_NAME, host));
          expect(filled).toEqual(values.find((value) => value.host === host)?.value);
        }
      }
    }),
  );
});
