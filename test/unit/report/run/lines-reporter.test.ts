import { describe, expect, test } from 'vitest';

import type { NodeRef, RunEvent } from '#core/event.ts';
import { linesReporter } from '#report/run/lines-reporter.ts';
import { threeHosts } from '../plan/fixture-plan.ts';

const node: NodeRef = {
  id: 'cp1/runtime/packages:containerd',
  host: 'cp1',
  phase: 'runtime',
  address: 'packages:containerd',
};

/** What the reporter prints of events at times in milliseconds. */
function print(events: readonly (readonly [atMs: number, event: RunEvent])[]): string {
  let nowMs = 0;
  let text = '';
  const sink = { write: (chunk: string) => (text += chunk) };
  const listener = linesReporter(sink, { now: () => nowMs });
  for (const [atMs, event] of events) {
    nowMs = atMs;
    listener(event);
  }
  return text;
}

describe('lines reporter', () => {
  test('says one line for a change, with what it restarted', () => {
    const text = print([
      [4200, { event: 'node-started', node, summary: 'install containerd' }],
      [
        12_300,
        {
          event: 'node-finished',
          node,
          result: { result: 'changed', restarts: ['containerd.service'] },
          elapsedMs: 8100,
        },
      ],
    ]);
    expect(text).toBe(
      '[12.3s] cp1 runtime packages:containerd changed, restarted containerd.service (8.1s)\n',
    );
  });

  test('says nothing of what was right already', () => {
    const result = { result: 'unchanged', why: 'it is installed' } as const;
    expect(print([[10, { event: 'node-finished', node, result, elapsedMs: 5 }]])).toBe('');
  });

  test('shows a failure with its command, its output and what to do', () => {
    const failure = {
      message: 'exit code 100',
      command: 'apt-get install',
      output: 'E: gone\n',
      hint: 'look',
    };
    const text = print([
      [3000, { event: 'node-finished', node, result: { result: 'failed', failure }, elapsedMs: 1000 }],
    ]);
    expect(text.split('\n')).toEqual([
      '[3.0s] cp1 runtime packages:containerd FAILED (1.0s)',
      '    exit code 100',
      '    $ apt-get install',
      '    | E: gone',
      '    Hint: look',
      '',
    ]);
  });

  test('says how a long step gets on at most every ten seconds', () => {
    const progress = Array.from({ length: 60 }, (_, index): readonly [number, RunEvent] => [
      (index + 1) * 500,
      { event: 'node-progress', node, line: `unpacking ${index + 1}` },
    ]);
    const text = print([[0, { event: 'node-started', node, summary: '' }], ...progress]);
    expect(text.trimEnd().split('\n')).toEqual([
      '[10.0s] cp1 runtime packages:containerd ... 10.0s: unpacking 20',
      '[20.0s] cp1 runtime packages:containerd ... 20.0s: unpacking 40',
      '[30.0s] cp1 runtime packages:containerd ... 30.0s: unpacking 60',
    ]);
  });

  test('says at once what is waited for and how long, and then at most every ten seconds', () => {
    const waiting = Array.from({ length: 15 }, (_, index): readonly [number, RunEvent] => [
      500 + index * 1000,
      { event: 'node-waiting', node, what: `available is ${index}, wanted 20`, timeoutMs: 300_000 },
    ]);
    const text = print([[0, { event: 'node-started', node, summary: '' }], ...waiting]);
    expect(text.trimEnd().split('\n')).toEqual([
      '[0.5s] cp1 runtime packages:containerd waits up to 5m 00s: available is 0, wanted 20',
      '[10.5s] cp1 runtime packages:containerd waits up to 5m 00s: available is 10, wanted 20',
    ]);
  });

  test('says nothing of what is skipped: the summary has all of it together', () => {
    const result = { result: 'skipped', because: 'cp1 could not be reached' } as const;
    expect(print([[10, { event: 'node-finished', node, result, elapsedMs: 0 }]])).toBe('');
  });

  test('says fetches, retries, unreachable hosts and the start of the run', () => {
    const location = 'https://files.example/calico.yaml';
    const text = print([
      [0, { event: 'fetching', location }],
      [100, { event: 'fetch-retried', location, why: 'HTTP 503', pauseMs: 1000, attempt: 2 }],
      [200, { event: 'fetched', location }],
      [300, { event: 'observed', host: 'cp1' }],
      [900, { event: 'unreachable', host: 'gpu01', why: 'no route to host' }],
      [1000, { event: 'run-started', plan: threeHosts() }],
      [2000, { event: 'node-retried', node, why: 'Could not get lock', pauseMs: 5000, attempt: 2 }],
      [3000, { event: 'interrupted' }],
    ]);
    expect(text.trimEnd().split('\n')).toEqual([
      '[0.0s] fetching https://files.example/calico.yaml',
      '[0.1s] https://files.example/calico.yaml retry 2 in 1.0s: HTTP 503',
      '[0.9s] gpu01 unreachable: no route to host',
      '[1.0s] 1 host observed, applying',
      '[2.0s] cp1 runtime packages:containerd retry 2 in 5.0s: Could not get lock',
      '[3.0s] interrupted: what is under way comes to its end, nothing else begins (once more leaves at once)',
    ]);
  });
});
