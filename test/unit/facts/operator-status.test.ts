import { expect, it } from 'vitest';

import { operatorStatus } from '#facts/operator-status.ts';

const installation = { kind: 'Installation', metadata: { name: 'default', generation: 3 } };
const status = (...conditions: readonly object[]): object => ({
  kind: 'TigeraStatus',
  metadata: { name: 'calico' },
  status: { conditions },
});
const condition = (type: string, observedGeneration: number, message = ''): object => ({
  type,
  status: 'True',
  observedGeneration,
  message,
});
const read = (...items: readonly object[]): unknown =>
  operatorStatus.family.parse(items.length === 0 ? '' : JSON.stringify({ items }), ['calico'] as never)[0];

it.each([
  ['is available as it is now', [installation, status(condition('Available', 3))], ''],
  [
    'was available before its Installation was changed',
    [installation, status(condition('Available', 2, 'All objects available'))],
    'the operator has not said anything of Calico yet',
  ],
  [
    'is not there, for a reason',
    [installation, status(condition('Degraded', 3, 'no IP pools'))],
    'no IP pools',
  ],
  ['is not installed', [], 'the operator has not said anything of Calico yet'],
])('Calico %s', (_, items, why) => {
  expect(read(...items)).toEqual({ isAvailable: why === '', why });
});
