import { describe, expect, test } from 'vitest';

import { dnsSubdomainFault, labelValueFault, qualifiedNameFault } from '#inventory/values/kubernetes-name.ts';
import { readTaint } from '#inventory/sections/hosts/taints.ts';

const long = (length: number): string => 'a'.repeat(length);

describe('label key', () => {
  test.each([
    'a',
    'A_b.c-d',
    'example.com/rack',
    'node-role.kubernetes.io/worker',
    long(63),
    `${long(60)}.b/${long(63)}`,
  ])('%s is accepted', (key) => {
    expect(qualifiedNameFault(key)).toBeUndefined();
  });

  test.each(['', '-a', 'a-', 'a b', 'a/b/c', '/a', 'a/', 'Example.com/a', 'a..b/c', long(64), 'ä'])(
    '%s is refused',
    (key) => {
      expect(qualifiedNameFault(key)).toBeTypeOf('string');
    },
  );
});

describe('label value', () => {
  test.each(['', 'a', 'A.b_c-1', long(63)])('%s is accepted', (value) => {
    expect(labelValueFault(value)).toBeUndefined();
  });

  test.each(['-', 'a/b', 'a b', '.a', long(64)])('%s is refused', (value) => {
    expect(labelValueFault(value)).toBeTypeOf('string');
  });
});

test.each([
  ['node1', true],
  ['node-1.lab', true],
  ['Node1', false],
  ['node_1', false],
  ['node1.', false],
  ['', false],
  [`${long(63)}.`.repeat(4), false],
])('DNS subdomain %s: %s', (name, isFine) => {
  expect(dnsSubdomainFault(name) === undefined).toBe(isFine);
});

describe('taint', () => {
  test.each([
    ['a=b:NoSchedule', { key: 'a', value: 'b', effect: 'NoSchedule' }],
    ['a:NoExecute', { key: 'a', value: '', effect: 'NoExecute' }],
    ['nvidia.com/gpu=:PreferNoSchedule', { key: 'nvidia.com/gpu', value: '', effect: 'PreferNoSchedule' }],
  ])('%s is read as kubectl reads it', (text, taint) => {
    expect(readTaint(text)).toEqual(taint);
  });

  test('map is read like the text', () => {
    expect(readTaint({ key: 'a', effect: 'NoSchedule' })).toEqual(readTaint('a:NoSchedule'));
  });

  test.each([
    'a',
    'a=b',
    'a=b:',
    '=b:NoSchedule',
    'a=b:Never',
    'a=b=c:NoSchedule',
    'a b:NoSchedule',
    'a=-:NoSchedule',
  ])('%s is refused', (text) => {
    expect(readTaint(text)).toHaveProperty('fault');
  });
});
