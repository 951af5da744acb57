import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { change, none, resource, type Resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import { pathKind } from '#facts/path.ts';
import { journal } from '#report/run/journal.ts';
import { type RecordedRun, recordedRun } from '#report/run/recorded-run.ts';
import { renderTraceRun } from '#report/run/trace-run.ts';
import type { Transport } from '#core/transport.ts';
import { openSlipway } from '#slipway.ts';
import { localTransport } from '#transport/local-transport.ts';

import { testHost } from '../../../contracts/test-host.ts';
import { workflowOf } from '../../../support/graph-node.ts';
import { scratchDirectory } from '../../../support/scratch-directory.ts';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly id: number;
  readonly args: { readonly name: string };
}

const eventsOf = (run: RecordedRun): readonly TraceEvent[] =>
  (JSON.parse(renderTraceRun(run)) as { readonly traceEvents: readonly TraceEvent[] }).traceEvents;

/** A file that is there some time after its steps have been taken, so that it is waited for. */
const slowFile = (path: string, ms: number): Resource =>
  resource({
    address: `slow:${path.slice(path.lastIndexOf('/') + 1)}`,
    facts: { kind: pathKind(path) },
    settle: { timeoutMs: 10_000, pauseMs: 20 },
    diff: ({ kind }) =>
      kind !== 'absent'
        ? none('there')
        : change(
            [{ what: path, from: null, to: 'there' }],
            [
              {
                do: 'run',
                summary: `make ${path}`,
                script: lines(sh`( sleep ${String(ms / 1000)}; touch ${path} ) >/dev/null 2>&1 </dev/null &`),
              },
            ],
          ),
  });

const LOCK = '/run/lock/slipway.lock';

/** This machine, with a lock of its own for each host. */
const manyHosts = (directory: string): Transport => ({
  connect: async (host) => {
    const inner = await localTransport().connect(host);
    const own = (script: string): never =>
      script.replaceAll(LOCK, join(directory, `${host.name}.lock`)) as never;
    return {
      host: host.name,
      get executions() {
        return inner.executions;
      },
      get isOpen() {
        return inner.isOpen;
      },
      execute: ({ script, ...execution }) => inner.execute({ ...execution, script: own(script) }),
      hold: (script, ...given) => inner.hold(own(script), ...given),
      forward: (...given) => inner.forward(...given),
      close: () => inner.close(),
    };
  },
});

/** A run of two hosts, both this machine, on each of which several things are done at once. */
async function runOf(): Promise<RecordedRun> {
  const directory = await scratchDirectory(afterAll);
  const phase = (name: string, after: readonly string[], lengths: readonly number[]): Phase => ({
    name,
    summary: '',
    needs: () => after,
    resources: ({ host }) =>
      lengths.map((ms, index) => slowFile(join(directory, `${host.name}-${name}-${index}`), ms)),
  });
  const cluster = {
    name: 'lab',
    kubernetes: { version: '1.34.9', loadBalancer: { type: 'external' } },
    ignoredChecks: [],
    policy: { forbid: [] },
    hosts: [testHost({ name: 'cp1', role: 'control-plane' }), testHost({ name: 'w1' })],
    leaving: [],
  } as unknown as Cluster;
  const runs = join(directory, 'runs');
  await using slipway = await openSlipway(cluster, {
    env: { HOME: directory },
    holder: 'the test',
    workflow: workflowOf(
      phase('a', [], [120, 200, 60]),
      phase('b', [], [2000, 40, 80]),
      phase('c', [], [50, 150, 90]),
      phase('last', ['a', 'b'], [100, 60, 40]),
    ),
    transport: manyHosts(directory),
    listener: journal({
      directory: runs,
      slipway: '1.2.3',
      command: 'apply',
      holder: 'the test',
      digest: () => 'abc',
      warn: (warning) => expect.fail(warning),
    }),
  });
  expect(await slipway.apply(await slipway.plan())).toMatchObject({ changed: 24, failed: [] });
  return recordedRun(runs);
}

describe('the trace of a run', () => {
  let run: RecordedRun;
  beforeAll(async () => {
    run = await runOf();
  }, 60_000);

  test('has slices that lie in one another or apart on each row, and rows for what is done at once', () => {
    const events = eventsOf(run);
    const timed = events.filter(({ ph }) => ph !== 'M');
    expect(timed.map(({ ts }) => ts)).toEqual(
      timed.map(({ ts }) => ts).toSorted((left, right) => left - right),
    );
    const slices = timed.filter(({ ph }) => ph === 'X');
    expect(slices.filter(({ name }) => name !== 'waiting')).toHaveLength(24);
    expect(slices.some(({ name }) => name === 'waiting')).toBe(true);
    for (const { ts, dur, pid, tid } of slices)
      expect([ts, dur, pid, tid].every((number) => Number.isInteger(number) && number >= 0)).toBe(true);
    const rows = Map.groupBy(slices, ({ pid, tid }) => `${pid}/${tid}`);
    for (const row of rows.values()) expect(notNested(row)).toEqual([]);
    for (const { pid } of slices)
      expect([...rows.keys()].filter((row) => row.startsWith(`${pid}/`)).length).toBeGreaterThan(1);
    const named = (what: string) => events.filter(({ name }) => name === what).map(({ args }) => args.name);
    expect(named('process_name')).toEqual(['cp1', 'w1']);
    expect(named('thread_name')).toHaveLength(rows.size);
  });

  test('has arrows along the chain, each end within a slice of its row', () => {
    const events = eventsOf(run);
    const ends = events.filter(({ ph }) => ph === 's' || ph === 'f');
    expect(ends.length).toBeGreaterThan(0);
    for (const end of ends) {
      const around = events.filter(
        ({ ph, tid, ts, dur }) => ph === 'X' && tid === end.tid && ts <= end.ts && end.ts <= ts + dur,
      );
      expect(around).not.toEqual([]);
      expect(ends.filter(({ id }) => id === end.id).map(({ ph }) => ph)).toEqual(['s', 'f']);
    }
  });
});

/** Slices of a row, sorted, that begin within another one and end after it. */
function notNested(row: readonly TraceEvent[]): readonly TraceEvent[] {
  const open: TraceEvent[] = [];
  return row.filter((slice) => {
    while ((open.at(-1)?.ts ?? 0) + (open.at(-1)?.dur ?? Infinity) <= slice.ts) open.pop();
    const around = open.at(-1);
    open.push(slice);
    return around !== undefined && slice.ts + slice.dur > around.ts + around.dur;
  });
}
