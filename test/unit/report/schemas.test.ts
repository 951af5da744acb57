import { readFile } from 'node:fs/promises';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

import type { RunEvent } from '#core/event.ts';
import { savedPlan } from '#core/saved-plan.ts';
import { sh } from '#core/shell.ts';
import { eventLine } from '#report/run/journal.ts';
import { openSlipway } from '#slipway.ts';

import { cluster, goodReport } from '../../cli/fake-cli.ts';
import { threeHosts, troubled } from './plan/fixture-plan.ts';
import { scriptedRun } from './run/scripted-run.ts';

const root = new URL('../../../', import.meta.url);
const ajv = new Ajv2020({ strict: true, allErrors: true });
for (const name of ['plan', 'events'])
  ajv.addSchema(JSON.parse(await readFile(new URL(`schema/${name}.schema.json`, root), 'utf8')) as object);

/** What a schema has against a value, as it is written. */
function faults(name: string, value: object): string {
  ajv.validate(`${name}.schema.json`, JSON.parse(JSON.stringify(value)));
  return ajv.errorsText(ajv.errors?.slice(0, 5));
}

const example = async (limit?: readonly string[]) => {
  const path = new URL('inventory.yaml', root).pathname;
  const options = {
    env: { HOME: '/root' },
    secrets: 'skip',
    cacheDirectory: '/nonexistent',
    warn: () => {},
  } as const;
  return (await openSlipway(path, { ...options, limit })).offlinePlan();
};

describe('the schema of plans', () => {
  test('accepts the plan of the example inventory, and of a part that is refused', async () => {
    expect(faults('plan', await example())).toBe('No errors');
    expect(faults('plan', await example(['cpu1']))).toBe('No errors');
  });

  test.each([
    ['three hosts', threeHosts()],
    ['everything that can stand in the way', troubled()],
    [
      'what is disrupted',
      { ...threeHosts(), pods: [{ node: 'w1', pods: 3, gpus: [{ owner: 'Job ml/train', pods: 2 }] }] },
    ],
    ['a file', savedPlan(threeHosts(), cluster, '1.2.3')],
  ])('accepts the plan of %s', (_what, plan) => {
    expect(faults('plan', plan)).toBe('No errors');
  });

  test.each([
    ['a member too many', { ...threeHosts(), more: 1 }],
    ['another format', { ...threeHosts(), format: 'slipway-plan/0' }],
    ['a node of no outcome', { ...threeHosts(), nodes: [{ ...threeHosts().nodes[0], outcome: undefined }] }],
  ])('refuses %s', (_what, plan) => {
    expect(faults('plan', plan)).not.toBe('No errors');
  });
});

const node = { id: 'w1/a/b', host: 'w1', phase: 'a', address: 'b' };
const retried = { why: 'no', pauseMs: 1000, attempt: 2 };

describe('the schema of events', () => {
  test('accepts all events of a run', () => {
    const run = scriptedRun(threeHosts(), {
      elapsedMs: () => 10,
      lines: () => ['x'],
      failure: ({ address }) => (address === 'kubeadm-init' ? { message: 'no', hint: 'yes' } : undefined),
    });
    for (const { event, atMs } of run) expect(faults('events', eventLine(event, atMs))).toBe('No errors');
  });

  test.each<RunEvent>([
    { event: 'fetching', location: 'https://example.com' },
    { event: 'fetch-retried', location: 'https://example.com', ...retried },
    { event: 'fetched', location: 'https://example.com' },
    { event: 'connecting', host: 'w1' },
    { event: 'connect-retried', host: 'w1', ...retried },
    { event: 'connected', host: 'w1' },
    { event: 'observed', host: 'w1' },
    { event: 'unreachable', host: 'w1', why: 'no', hint: 'yes' },
    { event: 'node-steps', node, steps: [{ do: 'run', summary: 'restart x', script: sh`true` }] },
    { event: 'node-retried', node, ...retried },
    { event: 'node-waiting', node, what: 'x', timeoutMs: 1 },
    { event: 'node-finished', node, result: { result: 'unchanged', why: 'x' }, elapsedMs: 1.5 },
    { event: 'interrupted' },
    { event: 'run-finished', report: goodReport },
  ])('accepts $event', (event) => {
    expect(faults('events', eventLine(event, 1))).toBe('No errors');
  });

  test('accepts the head of a journal, and refuses an event that there is not', () => {
    const head = { slipway: '1', command: 'apply', cluster: 'x', inventory: '', holder: 'me' };
    const startedAt = '2026-11-28T19:12:00.123Z';
    expect(faults('events', { format: 'slipway-journal/1', ...head, startedAt })).toBe('No errors');
    expect(faults('events', { atMs: 1, event: 'exploded' })).not.toBe('No errors');
  });
});
