import { describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';

import { NEW, outcomes, planOf, turns } from './upgrade-model.ts';

const ALL = { cp1: {}, cp2: {}, cp3: {}, w1: {}, w2: {}, w3: {} };
const BATCH = 'labels: {pool: batch}';

/** What of a phase is about w1's daemon, in its order. */
const around = (plan: Plan, phase: string): readonly string[] =>
  Object.keys(outcomes(plan, 'w1', phase)).filter((address) =>
    /^(drain|uncordon|packages|unit):/.test(address),
  );

describe('an upgrade in the order of the inventory', () => {
  it.each([
    ["['w3']", [['w3'], ['w1', 'w2']]],
    ["['w2', 'w1']", [['w2'], ['w1'], ['w3']]],
    ["['label:pool=batch', 'w*']", [['w2', 'w3'], ['w1']]],
  ])('has workers of %s first, and no batch of both', async (order, batches) => {
    const upgrade = `{maxUnavailable: '2', order: ${order}}`;
    const plan = await planOf({ hosts: ALL, upgrade, settings: { w2: BATCH, w3: BATCH } });
    expect(turns(plan)?.slice(3)).toEqual(batches);
  });

  it.each([
    ["['role:control-plane']", { batches: 3, after: 'role:control-plane' }],
    ["['w1', 'role:control-plane']", { batches: 3, after: 'role:control-plane' }],
    ["['w1']", { batches: 4, after: 'w1' }],
    ["['w*']", undefined],
  ])('pauses after %s, where something is left behind it', async (pauseAfter, pause) => {
    const plan = await planOf({ hosts: ALL, upgrade: `{pauseAfter: ${pauseAfter}}` });
    expect(plan.rollouts?.[0]?.pause).toEqual(pause);
  });

  it('pauses no more after hosts that are done', async () => {
    const done = { installed: NEW };
    const hosts = { ...ALL, cp1: done, cp2: done, cp3: done };
    const upgrade = "{pauseAfter: ['role:control-plane', 'w1']}";
    const plan = await planOf({ hosts, upgrade });
    expect(plan.rollouts?.[0]?.pause).toEqual({ batches: 1, after: 'w1' });
    const text = renderTextPlan(plan, { color: false, verbose: false, width: 100 }).replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'w1, then a pause (upgrade.pauseAfter: w1); in the next run w2, w3 (one at a time)',
    );
  });

  it('has a drain around what phases change of a runtime, where that is wanted', async () => {
    const hosts = { cp1: {}, w1: {} };
    const settings = { w1: 'gpu: true' };
    const without = await planOf({ hosts, settings });
    expect(around(without, 'runtime')).toEqual(['packages:containerd', 'unit:containerd.service']);
    const upgrade = '{drain: {runtimes: {containerd: whenRestarting}, nvidia: always}}';
    const plan = await planOf({ hosts, settings, upgrade });
    expect(around(plan, 'runtime')).toEqual([
      'drain:w1',
      'packages:containerd',
      'unit:containerd.service',
      'uncordon:w1',
    ]);
    expect(around(plan, 'nvidia')).toEqual(['drain:w1', 'packages:nvidia-container-toolkit', 'uncordon:w1']);
    expect(outcomes(plan, 'cp1', 'nvidia')).toEqual({});
  });
});
