import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { RunEvent } from '#core/event.ts';
import { journal } from '#report/run/journal.ts';
import { recordedRun, recordedRuns } from '#report/run/recorded-run.ts';

import { scratchDirectory } from '../../../support/scratch-directory.ts';
import { threeHosts } from '../plan/fixture-plan.ts';
import { scriptedRun } from './scripted-run.ts';

const START_MS = Date.parse('2026-11-28T19:12:00.123Z');

/** The file of a run with these events, and what was warned of. */
async function recorded(
  events: readonly { readonly atMs: number; readonly event: RunEvent }[],
  directory?: string,
) {
  const place = directory ?? join(await scratchDirectory(), 'runs');
  const warnings: string[] = [];
  let nowMs = START_MS;
  const listener = journal({
    directory: place,
    slipway: '1.2.3',
    command: 'apply',
    holder: 'me@laptop, pid 7',
    digest: () => 'abc',
    warn: (warning) => warnings.push(warning),
    now: () => nowMs,
  });
  for (const { atMs, event } of events) {
    nowMs = START_MS + atMs;
    listener(event);
  }
  return { directory: place, warnings };
}

const run = scriptedRun(threeHosts(), {
  elapsedMs: () => 1000,
  lines: () => ['a line of a program'],
});

describe('a journal', () => {
  test('is for its owner alone, and has a head and a line for each event', async () => {
    const { directory } = await recorded(run);
    const [name = ''] = await readdir(directory);
    expect(name).toBe('2026-11-28T19-12-00.123Z-apply.ndjson');
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const lines = (await readFile(join(directory, name), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      format: 'slipway-journal/1',
      slipway: '1.2.3',
      command: 'apply',
      cluster: 'lab',
      inventory: 'abc',
      holder: 'me@laptop, pid 7',
      startedAt: '2026-11-28T19:12:00.123Z',
    });
    expect(lines.join()).not.toContain('a line of a program');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'run-finished' });
  });

  test('has no token in it, wherever one was said', async () => {
    const node = { id: 'w1/join/x', host: 'w1', phase: 'join', address: 'x' };
    const failure = { message: 'no', output: 'kubeadm join --token abcdef.0123456789abcdef' };
    const { directory } = await recorded([
      ...run.slice(0, 1),
      { atMs: 1, event: { event: 'node-started', node, summary: 'x' } },
      {
        atMs: 2,
        event: { event: 'node-finished', node, result: { result: 'failed', failure }, elapsedMs: 1 },
      },
    ]);
    const [name = ''] = await readdir(directory);
    expect(await readFile(join(directory, name), 'utf8')).not.toContain('0123456789abcdef');
  });

  test('that cannot be written is warned of once, and the run goes on', async () => {
    const file = join(await scratchDirectory(), 'runs');
    await writeFile(file, '');
    const { warnings } = await recorded(run, file);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('no journal is written');
  });

  test('is made by a run, and not by a look', async () => {
    const { directory } = await recorded([{ atMs: 0, event: { event: 'connecting', host: 'w1' } }]);
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
  });

  test('goes when there are a hundred that are newer', async () => {
    const directory = join(await scratchDirectory(), 'runs');
    await mkdir(directory);
    for (let number = 0; number < 101; number += 1)
      await writeFile(
        join(directory, `2025-01-01T00-00-${String(number).padStart(3, '0')}-apply.ndjson`),
        '',
      );
    await writeFile(join(directory, 'notes.txt'), '');
    await recorded(run, directory);
    const left = await readdir(directory);
    expect(left).toHaveLength(101);
    expect(left).toContain('notes.txt');
    expect(left.toSorted()[0]).toContain('-002-');
    await chmod(directory, 0o700);
  });
});

describe('a recorded run', () => {
  test('is what was worked on, when, and how it ended', async () => {
    const { directory } = await recorded(run);
    const { head, plan, work, report } = await recordedRun(directory);
    expect(head.holder).toBe('me@laptop, pid 7');
    expect(plan).toEqual(threeHosts());
    expect(work).toHaveLength(43);
    expect(work[0]).toMatchObject({ startMs: 0, endMs: 1000, result: { result: 'changed' } });
    expect(report?.changed).toBe(43);
  });

  test('that was cut off in the middle of a line is told as far as it is known', async () => {
    const { directory } = await recorded(run.slice(0, 6));
    const [name = ''] = await recordedRuns(directory);
    const path = join(directory, `${name}.ndjson`);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -20));
    const { work, report } = await recordedRun(directory);
    expect(report).toBeUndefined();
    expect(work.filter(({ result }) => result === undefined)).toHaveLength(2);
  });

  test('is found by the beginning of its name, the last one first', async () => {
    const { directory } = await recorded(run);
    expect((await recordedRun(directory, '2026-11')).name).toBe('2026-11-28T19-12-00.123Z-apply');
    await expect(recordedRun(directory, '2027')).rejects.toThrow('there is no run 2027');
    await expect(recordedRun('/nowhere')).rejects.toMatchObject({ code: 'no-run', exitCode: 3 });
  });

  test('of another version, or of no journal, is refused', async () => {
    const directory = await scratchDirectory();
    await writeFile(join(directory, 'x.ndjson'), '{"format":"slipway-journal/9"}\n{}\n');
    await expect(recordedRun(directory)).rejects.toThrow('no journal of this version');
  });
});
