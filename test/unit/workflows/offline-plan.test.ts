import { expect, it } from 'vitest';

import type { Answers } from '#core/fact.ts';
import { offlinePlan } from '#workflows/open-run.ts';

import { planningCase } from '../../../scripts/bench/planning-case.ts';

it('a recording that lacks an answer is refused, with what lacks and what to do', async () => {
  const { cluster } = await planningCase(2, 'done');
  const answers: Answers = { cp1: {} };
  await expect(
    offlinePlan({ cluster, cacheDirectory: '/nonexistent', answers, only: ['swap'] }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/^the recording has no answer of cp1 to swap /) as string,
    hint: expect.stringContaining('slipway facts --out') as string,
    exitCode: 3,
  });
});

it('a host that a recording lacks is one that cannot be reached', async () => {
  const { cluster, text } = await planningCase(2, 'done');
  const { cp1, w1 } = JSON.parse(text) as Answers;
  expect([cp1, w1]).not.toContain(undefined);
  const planOf = (answers: object) =>
    offlinePlan({ cluster, cacheDirectory: '/nonexistent', answers: answers as Answers, only: ['swap'] });
  const reached = ({ hosts, nodes }: Awaited<ReturnType<typeof planOf>>) => ({
    lacking: hosts.filter(({ unreachable }) => unreachable !== undefined).map(({ name }) => name),
    planned: [...new Set(nodes.map(({ host }) => host))],
  });
  expect(reached(await planOf({ cp1, w1 }))).toEqual({ lacking: [], planned: ['cp1', 'w1'] });
  expect(reached(await planOf({ cp1 }))).toEqual({ lacking: ['w1'], planned: ['cp1'] });
  expect(reached(await planOf({}))).toEqual({ lacking: ['cp1', 'w1'], planned: [] });
});
