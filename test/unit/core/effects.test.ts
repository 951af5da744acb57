import { describe, expect, test } from 'vitest';

import { destroyedBy, type Effect, effectsOf, refuseEffects } from '#core/effects.ts';
import type { PlanNode } from '#core/plan.ts';
import { change, differs, having, none, type Outcome } from '#core/resource.ts';

const node = (host: string, outcome: Outcome): PlanNode => ({
  id: `${host}/x/y`,
  host,
  runsOn: host,
  phase: 'x',
  address: 'y',
  needs: [],
  outcome,
});

const differing = change(differs('a', 1, 2), [], ['kubelet.service']);
const nodes = [
  node('w1', differing),
  node('w2', having(differing, { drains: ['w2'], replaces: ['/etc/x'] })),
  node('w3', having(change(differs('a', 1, null)), { destroys: ['w3'] })),
  node('w4', having(none('right'), { destroys: ['w4'] })),
];

describe('effects', () => {
  test('of a change are its restarts and what it says of itself', () => {
    expect(nodes.flatMap(effectsOf).map(({ effect, what, host }) => `${effect} ${what} ${host}`)).toEqual([
      'restart kubelet.service w1',
      'restart kubelet.service w2',
      'drain w2 w2',
      'replace /etc/x w2',
      'destroy w3 w3',
    ]);
  });

  test('of what is right already are none', () => {
    expect(destroyedBy({ nodes })).toEqual(['w3']);
  });

  test.each<[readonly Effect[], RegExp]>([
    [['restart'], /restart: kubelet\.service on w1, kubelet\.service on w2$/],
    [['drain'], /drain: w2$/],
    [['replace', 'destroy'], /replace: \/etc\/x on w2\n {2}destroy: w3$/],
  ])('%j that are forbidden are named, with exit code 7', (forbidden, message) => {
    expect(() => refuseEffects({ nodes }, forbidden)).toThrow(
      expect.objectContaining({ exitCode: 7, code: 'forbidden', message: expect.stringMatching(message) }),
    );
  });

  test('that nobody forbids are no reason to refuse', () => {
    expect(() => refuseEffects({ nodes }, [])).not.toThrow();
    expect(() => refuseEffects({ nodes: nodes.slice(0, 1) }, ['drain', 'replace', 'destroy'])).not.toThrow();
  });
});
