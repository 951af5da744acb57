import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { change, none, type Outcome, resource, type Settle } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { settle } from '#engine/settle.ts';
import type { Telling } from '#engine/shared-watches.ts';

import { graphNode } from '../../support/graph-node.ts';

const WATCH = { paths: ['/nodes'], means: { mark: () => sh`mark`, follow: () => sh`follow` } };
const OPEN = change([{ what: 'node', from: 'NotReady', to: 'Ready' }]);
const DONE = none('it is Ready');

interface Waiting {
  /** What each look finds; the last one again and again. */
  readonly found: readonly Outcome[];
  readonly settle?: Partial<Settle<object>>;
  readonly change: Telling['change'];
  readonly signal?: AbortSignal;
}

/** A wait that is told of changes, when its looks were, and how long each of them might be put off. */
async function waiting({ found, change: told, signal, ...given }: Waiting) {
  const looks: number[] = [];
  const limits: number[] = [];
  const log: string[] = [];
  const startedAt = performance.now();
  const node = graphNode(
    resource({
      address: 'node-ready:w1',
      facts: {},
      settle: { timeoutMs: 20_000, pauseMs: 50, watch: WATCH, ...given.settle },
      diff: () => DONE,
    }),
    { host: 'w1', phase: 'p' },
  );
  const ended = await settle(node, OPEN, {
    look: () => {
      looks.push(performance.now() - startedAt);
      return Promise.resolve({ answers: {}, outcome: found[looks.length - 1] ?? found.at(-1) ?? DONE });
    },
    take: () => Promise.resolve(log.push('take')),
    watch: ({ paths }) => {
      log.push(`open ${paths.join()}`);
      const close = (): void => void log.push('close');
      return {
        change: (limitMs, over) => {
          limits.push(limitMs);
          return told(limitMs, over);
        },
        close,
      };
    },
    listener: () => undefined,
    signal: signal ?? new AbortController().signal,
  }).catch((error: unknown) => (error as Error).message);
  return { ended, looks, limits, log, elapsedMs: performance.now() - startedAt };
}

/** Nothing changes but at first. */
const soon: Telling['change'] = (limitMs) => sleep(limitMs > 300 ? 10 : limitMs);

/** Nothing changes. */
const never: Telling['change'] = (limitMs, signal) => sleep(limitMs, undefined, { signal });

describe('a wait that is told of changes', () => {
  it('looks as soon as it is told of one', async () => {
    const { ended, looks, log } = await waiting({ found: [DONE], change: () => sleep(300) });
    expect(ended).toBe(DONE.why);
    expect(looks).toHaveLength(1);
    expect(looks[0]).toBeGreaterThanOrEqual(295);
    expect(looks[0]).toBeLessThan(2000);
    expect(log).toEqual(['open /nodes', 'close']);
  });

  it('never looks more often than after the pause, however many changes there are', async () => {
    const { looks } = await waiting({ found: [OPEN, OPEN, OPEN, DONE], change: () => Promise.resolve() });
    expect(looks).toHaveLength(4);
    const gaps = looks.map((at, index) => at - (looks[index - 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(48);
  });

  it('looks all the same after a while', async () => {
    const { limits } = await waiting({ found: [DONE], change: () => Promise.resolve() });
    expect(limits).toEqual([5000]);
  });

  it('lasts as long as without', async () => {
    const { ended, log, elapsedMs } = await waiting({
      found: [OPEN],
      settle: { timeoutMs: 400 },
      change: never,
    });
    expect(ended).toMatch(/^it is not as wanted: node is NotReady/);
    expect(elapsedMs).toBeLessThan(1500);
    expect(log.at(-1)).toBe('close');
  });

  it('is given up, and helped, as early as without', async () => {
    const hopeless = { hopeless: () => 'no such image', patienceMs: 300 };
    const vain = await waiting({ found: [OPEN], settle: hopeless, change: () => sleep(10) });
    expect(vain.ended).toBe('no such image');
    expect(Math.max(...vain.limits.slice(1))).toBeLessThanOrEqual(300);
    const remedy = { afterMs: 300, steps: () => [run('help', sh`:`)] };
    const helped = await waiting({ found: [OPEN, OPEN, OPEN, DONE], settle: { remedy }, change: soon });
    expect(helped.limits[1]).toBeLessThanOrEqual(300);
    expect(helped.log).toContain('take');
  });

  it('ends at once where the run is interrupted', async () => {
    const { ended, looks, log, elapsedMs } = await waiting({
      found: [OPEN],
      change: never,
      signal: AbortSignal.timeout(200),
    });
    expect(ended).toMatch(/abort/);
    expect(looks).toEqual([]);
    expect(elapsedMs).toBeLessThan(1500);
    expect(log.at(-1)).toBe('close');
  });

  it('is not told of what has to be right in several looks', async () => {
    const { looks, limits } = await waiting({
      found: [DONE, DONE],
      settle: { looks: 2 },
      change: () => sleep(10),
    });
    expect([looks.length, limits.length]).toEqual([2, 1]);
  });
});
