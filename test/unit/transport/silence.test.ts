import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it, onTestFinished } from 'vitest';

import { silenceOf } from '#transport/silence.ts';

/** A stream that somebody else reads, and what became of the watch over it so far. */
function watched(limitMs: number) {
  const stream = new PassThrough();
  stream.resume();
  const silence = silenceOf(stream, limitMs);
  onTestFinished(() => silence.stop());
  const state: { error?: Error & { readonly level?: string } } = {};
  silence.broken.catch((error: unknown) => {
    state.error = error as Error;
  });
  return { stream, silence, state };
}

const block = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

describe('a host that says nothing', () => {
  it('is given up after the limit', async () => {
    const { state } = watched(100);
    await expect.poll(() => state.error, { timeout: 5000, interval: 5 }).toBeDefined();
    expect(state.error).toMatchObject({ message: 'it said nothing for 0.1 s', level: 'client-timeout' });
  });

  it('is not given up for the time that this side is busy', async () => {
    const { stream, state } = watched(200);
    for (let times = 0; times < 4; times += 1) {
      block(200);
      // What has come meanwhile is read now.
      await sleep(5);
      stream.write('x');
    }
    expect(state.error).toBeUndefined();
  });

  it('is left alone once somebody is let in', async () => {
    const { silence, state } = watched(20);
    silence.stop();
    await sleep(100);
    expect(state.error).toBeUndefined();
  });
});

it('a host that goes on talking and lets nobody in is given up, too', async () => {
  const { stream, state } = watched(40);
  const talk = setInterval(() => stream.write('wait\r\n'), 2);
  onTestFinished(() => clearInterval(talk));
  await expect.poll(() => state.error, { timeout: 30_000, interval: 5 }).toBeDefined();
  expect(state.error).toMatchObject({ message: 'it had 0.48 s for it', level: 'client-timeout' });
});
