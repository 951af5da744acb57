import { describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { removeWorkflow, without } from '#workflows/remove.ts';
import { resetWorkflow } from '#workflows/reset.ts';

import { RemovalModel } from './removal-model.ts';
import { ALL, clusterOf, ONLY, planOf as planOfRemoval } from './removal-run.ts';
import { NEW, planOf } from './upgrade-model.ts';

/** Nodes of which a plan does not say what becomes of them. */
const untold = ({ nodes }: Plan): readonly string[] =>
  nodes.flatMap(({ id, outcome }) =>
    outcome.answer === 'deferred' && outcome.forecast === undefined ? [id] : [],
  );

const deferredIn = ({ nodes }: Plan): number =>
  nodes.filter(({ outcome }) => outcome.answer === 'deferred').length;

const MARKS = { 'slipway/cordoned': 'true', 'slipway/drained': 'true' };
const hosts = { cp1: {}, cp2: {}, w1: {}, w2: {} };
const configuration = 'apiServer: {}\n';

describe('of all that waits, it is told what becomes of it, in', () => {
  it.each([
    ['an upgrade over a minor', { hosts, configuration }],
    ['an upgrade over a patch', { hosts: { cp1: { installed: '1.35.2' }, w1: {} }, configuration }],
    [
      'an upgrade that was cut off',
      {
        hosts: { cp1: { installed: NEW }, w1: {}, w2: { record: NEW, isCordoned: true, annotations: MARKS } },
        configuration,
      },
    ],
    ['an upgrade in which a machine joins', { hosts: { ...hosts, w3: null }, configuration }],
  ])('%s', async (_, given) => {
    const plan = await planOf(given);
    expect(deferredIn(plan)).toBeGreaterThan(10);
    expect(untold(plan)).toEqual([]);
  });

  it('a removal', async () => {
    const cluster = without(await clusterOf([]), 'w2');
    const plan = await planOfRemoval(new RemovalModel(ALL), cluster, removeWorkflow, {});
    expect(deferredIn(plan)).toBe(6);
    expect(untold(plan)).toEqual([]);
  });

  it('a reset', async () => {
    const plan = await planOfRemoval(new RemovalModel(ALL), await clusterOf([]), resetWorkflow, {});
    expect(deferredIn(plan)).toBe(28);
    expect(untold(plan)).toEqual([]);
  });

  it('the place of a control plane that another takes', async () => {
    const model = new RemovalModel(ALL);
    model.add('cp4');
    const selection = { only: [...ONLY, 'join'] };
    const plan = await planOfRemoval(model, await clusterOf(['cp3'], [...ALL, 'cp4']), undefined, selection);
    expect(deferredIn(plan)).toBe(5);
    expect(untold(plan)).toEqual([]);
  });
});
