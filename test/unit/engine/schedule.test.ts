import { describe, expect, it } from 'vitest';

import type { NodeResult } from '#core/event.ts';
import { type PlanNode, refOf } from '#core/plan.ts';
import { runSchedule } from '#engine/schedule.ts';

const node = (id: string, ...needs: string[]): PlanNode => {
  const [host = '', phase = '', address = ''] = id.split('/');
  return { id, host, runsOn: host, phase, address, needs, outcome: { answer: 'none', why: '' } };
};
const done: NodeResult = { result: 'changed', restarts: [] };
const failed: NodeResult = { result: 'failed', failure: { message: 'no' } };
const never = new AbortController().signal;
const nobodyListens = (): void => undefined;
const ref = (id: string) => refOf(node(id));

describe('runSchedule', () => {
  it('skips what needs a failed node, names the failure, and lets the rest go on', async () => {
    const results = await runSchedule({
      nodes: [
        node('a/p/1'),
        node('b/p/1'),
        node('a/p/2', 'a/p/1'),
        node('a/p/3', 'a/p/2'),
        node('b/p/2', 'b/p/1'),
      ],
      absent: new Map(),
      onSkipped: nobodyListens,
      signal: never,
      run: async ({ id }) => (id === 'a/p/1' ? failed : done),
    });
    expect(Object.fromEntries(results)).toEqual({
      'a/p/1': failed,
      'a/p/2': { result: 'skipped', because: 'a/p/1 failed', waitedFor: ref('a/p/1') },
      'a/p/3': { result: 'skipped', because: 'a/p/1 failed', waitedFor: ref('a/p/1') },
      'b/p/1': done,
      'b/p/2': done,
    });
  });

  it('starts a node as soon as all it needs are done, and not before', async () => {
    const log: string[] = [];
    await runSchedule({
      nodes: [
        node('a/p/slow'),
        node('a/p/quick'),
        node('a/p/after-quick', 'a/p/quick'),
        node('a/p/both', 'a/p/slow', 'a/p/quick'),
      ],
      absent: new Map(),
      onSkipped: nobodyListens,
      signal: never,
      run: async ({ address }) => {
        log.push(`+${address}`);
        await new Promise((resolve) => setTimeout(resolve, address === 'slow' ? 40 : 1));
        log.push(`-${address}`);
        return done;
      },
    });
    expect(log.indexOf('+after-quick')).toBeLessThan(log.indexOf('-slow'));
    expect(log.indexOf('+both')).toBeGreaterThan(log.indexOf('-slow'));
  });

  it('skips what needs a host that could not be reached, and not what a limit leaves out', async () => {
    const skipped: string[] = [];
    const results = await runSchedule({
      nodes: [node('b/join/x', 'cp/control-plane/y'), node('c/join/x', 'out/control-plane/y')],
      absent: new Map([['cp/control-plane/y', 'cp could not be reached']]),
      onSkipped: ({ id }) => skipped.push(id),
      signal: never,
      run: async () => done,
    });
    expect(results.get('b/join/x')).toEqual({ result: 'skipped', because: 'cp could not be reached' });
    expect(results.get('c/join/x')).toEqual(done);
    expect(skipped).toEqual(['b/join/x']);
  });

  it('starts a node with the first way that is free, and skips it where none is', async () => {
    const log: string[] = [];
    const gate = (id: string, ...ways: (readonly string[])[]): PlanNode => ({
      ...node(id),
      needsOneOf: ways,
    });
    const slow = Promise.withResolvers<NodeResult>();
    const results = await runSchedule({
      nodes: [
        node('a/p/slow'),
        node('b/p/bad'),
        node('c/p/good'),
        gate('a/p/gate', ['a/p/slow'], ['b/p/bad'], ['c/p/good']),
        gate('a/p/shut', ['b/p/bad', 'c/p/good'], ['d/p/away']),
        gate('a/p/open', []),
      ],
      absent: new Map([['d/p/away', 'd could not be reached']]),
      onSkipped: nobodyListens,
      signal: never,
      run: async ({ address }) => {
        log.push(address);
        if (address === 'gate') slow.resolve(done);
        if (address === 'slow') return slow.promise;
        return address === 'bad' ? failed : done;
      },
    });
    expect(log).toContain('gate');
    expect(results.get('a/p/shut')).toMatchObject({ result: 'skipped', because: 'b/p/bad failed' });
    expect(results.get('a/p/open')).toEqual(done);
  });

  it('skips a node as soon as any of its needs has failed, though another goes on', async () => {
    const log: string[] = [];
    const slow = Promise.withResolvers<NodeResult>();
    const running = runSchedule({
      nodes: [node('a/p/slow'), node('b/p/1'), node('c/p/1', 'a/p/slow', 'b/p/1')],
      absent: new Map(),
      onSkipped: ({ id }, { waitedFor }) => {
        log.push(`${id} waited for ${waitedFor?.id}`);
        slow.resolve(done);
      },
      signal: never,
      run: ({ id }) => (id === 'a/p/slow' ? slow.promise : Promise.resolve(failed)),
    });
    await running;
    expect(log).toEqual(['c/p/1 waited for b/p/1']);
  });

  it('starts nothing more once interrupted', async () => {
    const controller = new AbortController();
    const results = await runSchedule({
      nodes: [node('a/p/1'), node('a/p/2', 'a/p/1')],
      absent: new Map(),
      onSkipped: nobodyListens,
      signal: controller.signal,
      run: async () => {
        controller.abort();
        return done;
      },
    });
    expect(results.get('a/p/2')).toEqual({ result: 'skipped', because: 'the run was interrupted' });
  });
});
