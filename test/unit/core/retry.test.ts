import { expect, test } from 'vitest';

import { retry } from '#core/retry.ts';

class Passing extends Error {}

/** Work that fails with each of the errors in turn, and then has its way. */
function failing(...errors: readonly Error[]): () => Promise<string> {
  const left = [...errors];
  return () => {
    const error = left.shift();
    return error === undefined ? Promise.resolve('done') : Promise.reject(error);
  };
}

test('what fails in passing is done again, and told of with the number of the try to come', async () => {
  const told: unknown[] = [];
  const result = await retry(failing(new Passing('one'), new Passing('two')), {
    after: Passing,
    pauseMs: (attempt) => attempt,
    onRetry: ({ message }, pauseMs, attempt) => {
      told.push([message, pauseMs, attempt]);
    },
  });
  expect(result).toBe('done');
  expect(told).toEqual([
    ['one', 1, 2],
    ['two', 2, 3],
  ]);
});

test('another error is thrown at once, and the last one where there is no further try', async () => {
  const options = { after: Passing, pauseMs: (attempt: number) => (attempt < 2 ? 0 : undefined) };
  await expect(retry(failing(new Error('for good'), new Passing('never seen')), options)).rejects.toThrow(
    'for good',
  );
  await expect(retry(failing(new Passing('one'), new Passing('two')), options)).rejects.toThrow('two');
});

test('a pause ends when the work is no longer wanted', async () => {
  const controller = new AbortController();
  const running = retry(failing(new Passing('one')), {
    after: Passing,
    pauseMs: () => 60_000,
    onRetry: () => controller.abort(),
    signal: controller.signal,
  });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
});
