import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { failureOf } from '#engine/failure.ts';

test('an interrupted wait is no bug', async () => {
  const error: unknown = await sleep(1000, undefined, { signal: AbortSignal.abort() }).catch(
    (e: unknown) => e,
  );
  expect(failureOf(error)).toEqual({
    message: 'interrupted',
    hint: 'run it again: it goes on from where the hosts are',
  });
});

test('a bug keeps its stack', () => {
  expect(failureOf(new TypeError('no such member'))).toMatchObject({
    message: 'this is a bug in slipway',
    output: expect.stringContaining('TypeError: no such member') as string,
  });
});
