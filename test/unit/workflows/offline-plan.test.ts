import { expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import type { Answers } from '#core/fact.ts';
import type { Plan } from '#core/plan.ts';
import type { ApiReady } from '#facts/api.ts';
import { openSlipway } from '#slipway.ts';

import { planningCase, withApi } from '../../../scripts/bench/planning-case.ts';

/** The plan of one phase on recorded answers. */
async function planOf(cluster: Cluster, answers: Answers, phase = 'swap'): Promise<Plan> {
  const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent', only: [phase] });
  return slipway.offlinePlan(answers);
}

const reached = ({ hosts, nodes }: Plan) => ({
  lacking: hosts.filter(({ unreachable }) => unreachable !== undefined).map(({ name }) => name),
  planned: [...new Set(nodes.map(({ host }) => host))],
});

it('a recording that lacks an answer is refused, with what lacks and what to do', async () => {
  const { cluster } = await planningCase(2, 'done');
  const answers: Answers = { cp1: {} };
  await expect(planOf(cluster, answers)).rejects.toMatchObject({
    message: expect.stringMatching(/^the recording has no answer of cp1 to swap /) as string,
    hint: expect.stringContaining('slipway facts --out') as string,
    exitCode: 3,
  });
});

it('a host that a recording lacks is one that cannot be reached', async () => {
  const { cluster, text } = await planningCase(2, 'done');
  const { cp1 = {}, w1 = {} } = JSON.parse(text) as Answers;
  expect([cp1, w1]).not.toContainEqual({});
  expect(reached(await planOf(cluster, { cp1, w1 }))).toEqual({ lacking: [], planned: ['cp1', 'w1'] });
  expect(reached(await planOf(cluster, { cp1 }))).toEqual({ lacking: ['w1'], planned: ['cp1'] });
  expect(reached(await planOf(cluster, {}))).toEqual({ lacking: ['cp1', 'w1'], planned: [] });
});

it('a recording without the first control plane is planned through another', async () => {
  const { cluster: recorded, text } = await planningCase(2, 'done');
  const { cp1 = {} } = JSON.parse(text) as Answers;
  const hosts = recorded.hosts.map((host, index) => ({
    ...host,
    name: `cp${index + 1}`,
    role: 'control-plane' as const,
  }));
  const found = cp1['api']?.['"state"'] as ApiReady;
  const cp2 = withApi(
    { ...cp1, api: { '"state"': found, '{"node":"cp1"}': null, '{"node":"cp2"}': null } },
    found,
  );
  const { nodes } = await planOf({ ...recorded, hosts }, { cp2 }, 'verify');
  expect(nodes.map(({ id, runsOn }) => [id, runsOn])).toContainEqual(['cp2/verify/node-ready:cp2', 'cp2']);
});
