import { expect, test } from 'vitest';

import type { Answers } from '#core/fact.ts';
import type { Plan } from '#core/plan.ts';
import { change, having, none, type Outcome } from '#core/resource.ts';
import { apiState } from '#facts/api.ts';
import { podsQuestion, withPods } from '#phases/disrupted-pods.ts';

const planWith = (outcomes: Readonly<Record<string, Outcome>>, facts: Answers): Plan => ({
  format: 'slipway-plan/2',
  cluster: 'lab',
  kubernetes: '1.34.9',
  phases: ['runtime'],
  hosts: Object.keys(outcomes).map((name) => ({ name })),
  nodes: Object.entries(outcomes).map(([host, outcome]) => ({
    id: `${host}/runtime/x`,
    host,
    runsOn: outcome.answer === 'change' && outcome.effects?.drains !== undefined ? 'cp1' : host,
    phase: 'runtime',
    address: 'x',
    needs: [],
    outcome,
  })),
  facts,
});

const ready = (...names: readonly string[]): Answers => ({
  cp1: {
    [apiState.family.name]: {
      [apiState.key]: { state: 'ready', nodes: Object.fromEntries(names.map((name) => [name, {}])) },
    },
  },
});
const silent: Answers = {
  cp1: { [apiState.family.name]: { [apiState.key]: { state: 'unreachable', why: 'no' } } },
};

const right = none('right');
const restart = change([], [], ['containerd.service']);
const drain = having(change([]), { drains: ['w2'] });

test.each([
  ['nothing is disrupted', { cp1: right, w1: change([]) }, ready('cp1', 'w1'), undefined],
  ['one node is', { cp1: right, w1: restart }, ready('cp1', 'w1'), { node: 'w1' }],
  ['several are', { cp1: restart, w1: restart }, ready('cp1', 'w1'), { node: null }],
  ['a drain is asked of the cluster', { cp1: right, w2: drain }, ready('cp1', 'w2'), { node: 'w2' }],
  ['the host is no node yet', { cp1: right, w1: restart }, ready('cp1'), undefined],
  ['the cluster does not answer', { cp1: right, w1: restart }, silent, undefined],
  ['nodes were not asked for', { cp1: right, w1: restart }, {}, { node: 'w1' }],
])('where %s, the cluster is asked just what is needed', (_what, outcomes, facts, question) => {
  expect(podsQuestion(planWith(outcomes, facts))?.question).toEqual(question);
});

test('an answer is kept of what is disrupted, and of a node without pods too', () => {
  const facts = ready('cp1', 'w1', 'w2');
  const plan = planWith({ cp1: right, w1: restart, w2: restart }, facts);
  const question = podsQuestion(plan);
  const answer = (found: null | readonly { node: string; pods: number; gpus: [] }[]): Plan => ({
    ...plan,
    facts: { cp1: { ...facts['cp1'], 'running-pods': { [question?.key ?? '']: found } } },
  });
  const seen = ['cp1', 'w1'].map((node) => ({ node, pods: 3, gpus: [] as [] }));
  expect(withPods(answer(seen)).pods).toEqual([seen[1], { node: 'w2', pods: 0, gpus: [] }]);
  expect(withPods(answer(null))).not.toHaveProperty('pods');
  expect(withPods(plan)).toBe(plan);
});
