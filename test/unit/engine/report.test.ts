import { expect, it } from 'vitest';

import type { NodeResult } from '#core/event.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import { change } from '#core/resource.ts';
import { isSuccess, makeReport } from '#engine/report.ts';

const node = (host: string): PlanNode => ({
  id: `${host}/certificates/c`,
  host,
  runsOn: host,
  phase: 'certificates',
  address: 'c',
  needs: [],
  outcome: { ...change([{ what: 'c', from: 'ends', to: 'renewed' }]), afterwards: ['fetch it again'] },
});

const plan: Plan = {
  format: 'slipway-plan/2',
  cluster: 'c',
  kubernetes: '1.34.9',
  phases: ['certificates'],
  hosts: ['cp1', 'cp2', 'cp3'].map((name) => ({ name })),
  nodes: ['cp1', 'cp2', 'cp3'].map(node),
  facts: {},
};

const reportOf = (...results: readonly NodeResult[]) =>
  makeReport({
    plan,
    results: new Map(results.map((result, index) => [plan.nodes[index]?.id ?? '', result])),
    left: [],
    unrevoked: [],
    timings: new Map(),
    elapsedMs: 1,
  });

const DONE: NodeResult = { result: 'changed', restarts: [] };
const SKIPPED = { result: 'skipped', because: 'it' } as const;

it('a run tells what is left to a person of what was done, and of nothing else', () => {
  const failed: NodeResult = { result: 'failed', failure: { message: 'no' } };
  expect(reportOf(DONE, failed, SKIPPED).afterwards).toEqual([{ host: 'cp1', text: 'fetch it again' }]);
});

it('what a pause leaves to the next run is no failure, and what was skipped is one', () => {
  const paused = reportOf(DONE, { ...SKIPPED, isPaused: true }, { ...SKIPPED, isPaused: true });
  expect([paused.skipped, paused.paused.map((one) => one.node.host)]).toEqual([[], ['cp2', 'cp3']]);
  expect(isSuccess(paused)).toBe(true);
  expect(isSuccess(reportOf(DONE, SKIPPED, { ...SKIPPED, isPaused: true }))).toBe(false);
});
