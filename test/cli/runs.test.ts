import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { scratchDirectory } from '../support/scratch-directory.ts';
import { fakeCli, goodReport } from './fake-cli.ts';
import { nothing, pending } from './fixture-plans.ts';

/** An inventory beside which there is the journal of an apply. */
async function applied(): Promise<string> {
  const inventory = join(await scratchDirectory(), 'inventory.yaml');
  await fakeCli(['apply', '--yes', '-i', inventory], {
    plan: pending,
    events: [
      { event: 'run-started', plan: nothing },
      { event: 'run-finished', report: goodReport },
    ],
  });
  return inventory;
}

describe('runs', () => {
  test('are recorded beside the inventory, and listed', async () => {
    const inventory = await applied();
    expect(await readdir(join(inventory, '../.slipway/runs'))).toHaveLength(1);
    const { stdout, calls } = await fakeCli(['runs', '-i', inventory]);
    expect(stdout).toMatch(/^Runs\n {2}\S+-apply {2}done, 3 changed, 0 failed in 1\.5s, by the test\n$/);
    expect(calls.opened).toEqual([]);
    const json = await fakeCli(['runs', '-i', inventory, '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { command: 'apply', slipway: '1.2.3', report: goodReport },
    ]);
  });

  test('that are none are said to be none', async () => {
    const { code, stdout } = await fakeCli(['runs', '-i', join(await scratchDirectory(), 'x.yaml')]);
    expect([code, stdout]).toEqual([0, 'No run is recorded here yet.\n']);
  });
});

describe('apply for a program', () => {
  test('writes each event as it happens, a line each, and nothing else', async () => {
    const inventory = join(await scratchDirectory(), 'inventory.yaml');
    const { code, stdout, stderr } = await fakeCli(
      ['apply', '--yes', '--format', 'ndjson', '-i', inventory],
      {
        plan: pending,
        events: [
          { event: 'run-started', plan: pending },
          { event: 'run-finished', report: goodReport },
        ],
      },
    );
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { atMs: 0, event: 'run-started', plan: { ...pending, facts: {} } },
      { event: 'run-finished', report: goodReport },
    ]);
    expect(stderr).toContain('Plan: 1 to change');
  });
});

describe('report', () => {
  test.each([
    ['text', 'apply of cluster lab: done'],
    ['html', '<!doctype html>'],
    ['junit', '<testsuites tests="0"'],
    ['trace', '"traceEvents"'],
  ])('of the last run as %s', async (format, text) => {
    const inventory = await applied();
    const { code, stdout } = await fakeCli(['report', '-i', inventory, '--format', format]);
    expect(code).toBe(0);
    expect(stdout).toContain(text);
  });

  test('of a run that is not there is wrong usage', async () => {
    const { code, stderr } = await fakeCli(['report', 'x', '-i', await applied()]);
    expect(code).toBe(3);
    expect(stderr).toContain('Hint: see which there are: slipway runs');
  });
});

describe('plan after a run', () => {
  test('tells drift on standard output, in text alone', async () => {
    const inventory = await applied();
    const text = await fakeCli(['plan', '-i', inventory], { plan: pending });
    expect(text.stdout).toMatch(
      /Drift: changed by somebody else since the run of .* by the test\n {2}sysctl:net/,
    );
    const json = await fakeCli(['plan', '-i', inventory, '--format', 'json'], { plan: pending });
    expect(JSON.parse(json.stdout)).toEqual(pending);
  });

  test('asks since when there is a drift, where there is one that a host may know of', async () => {
    const inventory = await applied();
    const changed = { at: '2099-01-02T03:04:05Z', by: null };
    const file = {
      ...pending,
      nodes: pending.nodes.map((node) => ({ ...node, address: node.address.replace(/^sysctl:/, 'file:/') })),
    };
    const ids = new Set(nothing.nodes.map(({ id }) => id));
    expect(pending.nodes.some(({ id }) => ids.has(id))).toBe(true);
    const drifted = await fakeCli(['plan', '-i', inventory], { plan: file, changed });
    expect(drifted.stdout).toContain(', since 2099-01-02T03:04:05Z\n');
    expect(drifted.calls.called).toEqual(['plan', 'changeTimes']);
    const live = await fakeCli(['plan', '-i', inventory], { plan: pending, changed });
    const right = await fakeCli(['plan', '-i', inventory], { plan: nothing, changed });
    expect([live.calls.called, right.calls.called]).toEqual([['plan'], ['plan']]);
  });
});
