import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';

import { liveReporter } from '#report/run/live-reporter.ts';
import { openReporter } from '#report/run/reporter.ts';
import { threeHosts } from '../plan/fixture-plan.ts';
import { scriptedRun } from './scripted-run.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** A stand-in for a terminal that keeps what is written to it. */
function terminal(): { readonly stream: NodeJS.WritableStream; readonly written: () => string } {
  let text = '';
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 30 });
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, written: () => text };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const cursor = (text: string): 'hidden' | 'shown' =>
  text.lastIndexOf(SHOW_CURSOR) > text.lastIndexOf(HIDE_CURSOR) ? 'shown' : 'hidden';

describe('live reporter', () => {
  test('shows each phase with its end, and gives the cursor back', async () => {
    const { stream, written } = terminal();
    const reporter = liveReporter(stream, { color: false });
    for (const host of ['cp1', 'gpu01', 'gpu02']) reporter.listener({ event: 'connecting', host });
    await pause(50);
    expect(cursor(written())).toBe('hidden');
    for (const { event } of scriptedRun(threeHosts(), { elapsedMs: () => 1 })) reporter.listener(event);
    await reporter.settle();
    const shown = stripVTControlCharacters(written());
    expect(shown).toMatch(/✔ runtime +3\/3 hosts/);
    expect(shown).toMatch(/✔ proof: nothing is left to do/);
    expect(cursor(written())).toBe('shown');
  });

  test('leaves a failure on the screen', async () => {
    const { stream, written } = terminal();
    const reporter = liveReporter(stream, { color: false });
    const events = scriptedRun(threeHosts(), {
      elapsedMs: () => 1,
      failure: ({ id }) =>
        id === 'gpu02/kubernetes/packages:kubernetes' ? { message: 'exit code 100' } : undefined,
    });
    for (const { event } of events) reporter.listener(event);
    await reporter.settle();
    const shown = stripVTControlCharacters(written());
    expect(shown).toMatch(/✖ kubernetes.*1 failed\s+gpu02 {2}packages:kubernetes: exit code 100/);
    expect(shown).not.toContain('nothing is left to do');
  });

  test('says what the last look waits for', async () => {
    const { stream, written } = terminal();
    const reporter = liveReporter(stream, { color: false });
    const events = scriptedRun(threeHosts(), { elapsedMs: () => 1 }).map(({ event }) => event);
    const finished = events.find((event) => event.event === 'node-finished');
    if (finished === undefined) throw new Error('no node has ended');
    const waiting = {
      event: 'node-waiting',
      node: finished.node,
      what: 'ready is false',
      timeoutMs: 60_000,
    } as const;
    for (const event of [...events.slice(0, -1), waiting]) reporter.listener(event);
    await pause(300);
    for (const event of events.slice(-1)) reporter.listener(event);
    await reporter.settle();
    expect(stripVTControlCharacters(written())).toContain(
      'proof: cp1 swap waits up to 1m 00s: ready is false',
    );
  });

  test('settles when a run is stopped half-way, and says what was interrupted', async () => {
    const { stream, written } = terminal();
    const reporter = liveReporter(stream, { color: false });
    for (const { event } of scriptedRun(threeHosts(), { elapsedMs: () => 1 }).slice(0, 5))
      reporter.listener(event);
    await reporter.settle();
    expect(stripVTControlCharacters(written())).toMatch(/✖ swap .*interrupted/);
    expect(cursor(written())).toBe('shown');
  });

  test('settles when nothing has happened', async () => {
    const { stream, written } = terminal();
    await liveReporter(stream, { color: false }).settle();
    expect(written()).toBe('');
  });
});

describe('reporter', () => {
  const observed = { event: 'unreachable', host: 'cp1', why: 'no route' } as const;

  test.each([
    ['not a terminal', { isTTY: false }, {}, 'auto', '[0.0s] cp1 unreachable: no route\n'],
    ['a terminal of CI', { isTTY: true }, { CI: 'true' }, 'auto', '[0.0s] cp1 unreachable: no route\n'],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, 'auto', '[0.0s] cp1 unreachable: no route\n'],
    ['a terminal, lines wanted', { isTTY: true }, {}, 'lines', '[0.0s] cp1 unreachable: no route\n'],
    ['a terminal, nothing wanted', { isTTY: true }, {}, 'none', ''],
    ['a terminal', { isTTY: true }, { TERM: 'xterm' }, 'auto', ''],
  ] as const)('on %s prints as it should', async (_where, { isTTY }, env, progress, expected) => {
    const { stream, written } = terminal();
    const reporter = await openReporter({
      stream: Object.assign(stream, { isTTY }),
      env,
      progress,
      color: false,
    });
    reporter.listener(observed);
    await reporter.settle();
    expect(written()).toBe(expected);
  });
});
