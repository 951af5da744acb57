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
