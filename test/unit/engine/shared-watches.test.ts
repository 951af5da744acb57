import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { type Script, sh } from '#core/shell.ts';
import type { Execution, ExecutionResult, Looked } from '#core/transport.ts';
import type { Watch } from '#core/watch.ts';
import { SharedWatches } from '#engine/shared-watches.ts';

/** After this a change is none that was there before. */
const LATE_MS = 600;

const watchOf = (...paths: readonly string[]): Watch => ({
  paths,
  means: {
    mark: (wanted) => sh`mark ${wanted}`,
    follow: (marks) => sh`follow ${[...marks].map(([path, mark]) => `${path}@${mark}`)}`,
  },
});

interface Running {
  readonly script: Script;
  readonly says: (line: string) => void;
  isOver: boolean;
}

/** A host whose programs a test speaks for. */
function host(mark: (script: Script) => Promise<string> = () => Promise.resolve('0 1\n1 1\n')) {
  const programs: string[] = [];
  const running: Running[] = [];
  const follow = async ({ script, input, onLine = () => undefined }: Execution): Promise<string> => {
    const program: Running = { script, says: onLine, isOver: false };
    running.push(program);
    for await (const _ of input ?? []) throw new Error('nothing is to be sent');
    program.isOver = true;
    return '';
  };
  const execute = async (execution: Execution): Promise<ExecutionResult> => {
    programs.push(execution.script);
    const said = execution.script.startsWith('mark') ? mark(execution.script) : follow(execution);
    return { code: 0, stdout: await said, stderr: '' };
  };
  const connection: Looked = { host: 'cp1', execute };
  const watches = new SharedWatches(() => Promise.resolve(connection));
  const signal = new AbortController().signal;
  /** A wait that knows where its lists stand. */
  const begun = async (...paths: readonly string[]) => {
    const telling = watches.open('cp1', watchOf(...paths));
    if (telling === undefined) throw new Error('there are too many');
    await telling.change(5000, signal);
    return telling;
  };
  return { programs, running, watches, begun, signal };
}

describe('a wait that watches', () => {
  it('asks first where its lists stand, and is told of what comes after that, and then after that', async () => {
    const { programs, running, begun, signal } = host();
    const telling = await begun('/a');
    expect(programs).toEqual(['mark /a']);
    for (const mark of ['7', '8']) {
      const told = telling.change(5000, signal);
      await sleep(LATE_MS);
      running.at(-1)?.says(`0 ${mark}`);
      await told;
    }
    expect(programs.slice(1)).toEqual(['follow /a@1', 'follow /a@7']);
    await sleep(0);
    expect(running.every(({ isOver }) => isOver)).toBe(true);
  });

  it('ends its program after the limit, and goes on where it was', async () => {
    const { programs, running, begun, signal } = host();
    const telling = await begun('/a');
    const startedAt = performance.now();
    await telling.change(100, signal);
    expect(performance.now() - startedAt).toBeLessThan(1500);
    await sleep(0);
    expect(running.map(({ isOver }) => isOver)).toEqual([true]);
    const told = telling.change(5000, signal);
    await sleep(20);
    running.at(-1)?.says('over');
    await told;
    expect(programs.slice(1)).toEqual(['follow /a@1', 'follow /a@1']);
  });

  it('ends at once where the run is interrupted, and so does its program', async () => {
    const { running, begun } = host();
    const telling = await begun('/a');
    await expect(telling.change(5000, AbortSignal.timeout(100))).rejects.toThrow(/abort/);
    await sleep(0);
    expect(running.map(({ isOver }) => isOver)).toEqual([true]);
    const { watches } = host(() => new Promise(() => undefined));
    const marking = watches.open('cp1', watchOf('/a'))?.change(5000, AbortSignal.timeout(100));
    await expect(marking).rejects.toThrow(/abort|timeout/);
  });

  it.each<[string, string]>([
    ['nothing', 'none'],
    ['not of this list', '0'],
  ])('does without for a while where the server tells %s', async (_, said) => {
    const { programs, running, begun, signal } = host();
    const telling = await begun('/a');
    const told = telling.change(5000, signal);
    await sleep(20);
    running.at(-1)?.says(said);
    await told;
    await telling.change(5000, signal);
    expect(programs).toHaveLength(2);
  });

  it.each<[string, () => Promise<string>]>([
    ['the host cannot be asked', () => Promise.reject(new Error('lost'))],
    ['there is no API server', () => Promise.resolve('')],
    ['there is one list and not the other', () => Promise.resolve('1 1\n')],
  ])('does without for a while where %s', async (_, mark) => {
    const { programs, begun, signal } = host(mark);
    const telling = await begun('/a', '/b');
    await telling.change(5000, signal);
    expect(programs).toEqual(['mark /a /b']);
  });

  it('asks anew where its lists stand after a change that was there before, for more of these may wait', async () => {
    const { programs, running, begun, signal } = host();
    const telling = await begun('/a');
    const told = telling.change(5000, signal);
    await sleep(20);
    running.at(-1)?.says('0 2');
    await told;
    await telling.change(5000, signal);
    expect(programs).toEqual(['mark /a', 'follow /a@1', 'mark /a']);
  });

  it('does without for a while where one change comes upon the other', async () => {
    const { programs, running, begun, signal } = host();
    const telling = await begun('/a');
    for (const mark of ['2', '3']) {
      const told = telling.change(5000, signal);
      await sleep(20);
      running.at(-1)?.says(`0 ${mark}`);
      await told;
      await telling.change(5000, signal);
    }
    expect(programs).toEqual(['mark /a', 'follow /a@1', 'mark /a', 'follow /a@1']);
    await telling.change(5000, signal);
    expect(programs).toHaveLength(4);
  });
});

describe('waits at one host', () => {
  it('share one program, which goes on with more where another wait comes', async () => {
    const { programs, running, begun, signal } = host();
    const [one, same, other] = [await begun('/a'), await begun('/a'), await begun('/b')];
    const waits = [one.change(5000, signal), same.change(5000, signal)];
    await sleep(20);
    waits.push(other.change(5000, signal));
    await sleep(20);
    expect(programs.slice(3)).toEqual(['follow /a@1', 'follow /a@1 /b@1']);
    expect(running.map(({ isOver }) => isOver)).toEqual([true, false]);
    // What the first one says now has been left to the second.
    await sleep(LATE_MS);
    running[0]?.says('0 5');
    running[1]?.says('0 9');
    await Promise.all(waits);
    const again = one.change(5000, signal);
    await sleep(20);
    expect(programs.at(-1)).toBe('follow /a@9');
    running.at(-1)?.says('over');
    await again;
  });

  it('are no more than a few: others ask again and again', () => {
    const { watches } = host();
    const few = ['/a', '/b', '/c', '/d'].map((path) => watches.open('cp1', watchOf(path)));
    expect(few.every((one) => one !== undefined)).toBe(true);
    expect(watches.open('cp1', watchOf('/e'))).toBeUndefined();
    expect(watches.open('cp1', watchOf('/a'))).toBeDefined();
    expect(watches.open('cp2', watchOf('/e'))).toBeDefined();
    few[1]?.close();
    expect(watches.open('cp1', watchOf('/e'))).toBeDefined();
  });
});
