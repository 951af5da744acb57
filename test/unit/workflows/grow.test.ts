import { describe, expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import type { Answers } from '#core/fact.ts';
import type { Plan } from '#core/plan.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { factsByHost } from '#engine/observe.ts';
import type { ApiReady } from '#facts/api.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase, withApi } from '../../../scripts/bench/planning-case.ts';

const { cluster: recorded, artifacts, text } = await planningCase(50, 'done');
const answers = JSON.parse(text) as Answers;

/** The plan where all hosts are as they were recorded, and others are bare. */
function planOf(cluster: Cluster): Plan {
  const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts });
  const bare = [...factsByHost(graph.nodes)].map(([name, facts]) => [name, bareAnswers(facts)] as const);
  const { cp1 = {} } = answers;
  const found = cp1['api']?.['"state"'] as ApiReady;
  const asked = bareAnswers(factsByHost(graph.nodes).get('cp1') ?? [])['api'] ?? {};
  return makePlan({
    cluster: cluster.name,
    kubernetes: cluster.kubernetes.version,
    ignoredChecks: cluster.ignoredChecks,
    graph,
    answers: { ...Object.fromEntries(bare), ...answers, cp1: withApi({ ...cp1, api: asked }, found) },
    hosts: cluster.hosts.map(({ name }) => ({ name })),
  });
}

/** What is to be done, as `HOST: on HOST ADDRESS`. */
const work = ({ nodes }: Plan): readonly string[] =>
  nodes.flatMap(({ host, runsOn, address, outcome }) =>
    outcome.answer === 'none' ? [] : [`${host}: on ${runsOn} ${address}`],
  );

describe('a cluster of 50 hosts', () => {
  it('gets a worker with work on it, on its node through one control plane, and on no other host', () => {
    const last = recorded.hosts.at(-1);
    if (last === undefined) throw new TypeError('there is no host');
    const more = { ...last, name: 'w50', address: '10.20.0.50' };
    // What the recording has no answer to is as on a bare host, with the new one and without.
    const before = work(planOf(recorded));
    const added = work(planOf({ ...recorded, hosts: [...recorded.hosts, more] }));
    expect(before.length).toBeLessThan(3);
    const fresh = added.filter((one) => !before.includes(one));
    expect(fresh.length).toBeGreaterThan(20);
    expect([...new Set(fresh.map((one) => one.replace(/ [^ ]+$/, '')))]).toEqual([
      'w50: on w50',
      'w50: on cp1',
    ]);
  });
});
