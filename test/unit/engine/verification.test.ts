import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { sh } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Execution, ExecutionResult } from '#core/transport.ts';
import { type CheckResult, type ClusterCheck, fails, holds } from '#core/verification.ts';
import type { Watch } from '#core/watch.ts';
import { runVerification } from '#engine/verification.ts';

interface Fixture {
  /** What each script ends with; a function is called each time. */
  readonly answers?: Readonly<Record<string, number | (() => number | Promise<number>)>>;
  readonly greeting?: string;
  readonly gone?: Partial<ClusterCheck>;
  readonly ignored?: readonly string[];
  readonly signal?: AbortSignal;
}

const check = (name: string, changes: Partial<ClusterCheck> = {}): ClusterCheck => ({
  name,
  summary: name,
  needs: [],
  isActive: false,
  timeoutMs: 1000,
  script: sh`${name}`,
  judge: ({ code, stderr }) => (code === 0 ? holds('good') : fails(stderr, 'try again')),
  ...changes,
});
const active = { isActive: true } as const;
const lost = (): never => {
  throw new SlipwayError('the connection is lost', { code: 'connection-lost' });
};

/** Runs checks over a connection that only writes down what it is asked for. */
async function verify(checks: readonly ClusterCheck[], fixture: Fixture = {}) {
  const log: string[] = [];
  const execute = async (name: string): Promise<ExecutionResult> => {
    log.push(name);
    const answer = fixture.answers?.[name] ?? 0;
    const code = typeof answer === 'function' ? await answer() : answer;
    return { code, stdout: `${name} out`, stderr: code === 0 ? '' : `${name} err` };
  };
  const connection = {
    host: 'cp1',
    execute: ({ script }) => execute(script.replaceAll("'", '').trim()),
    hold: async () => {
      log.push('hold');
      const release = async (): Promise<void> => void log.push('release');
      const isHeld = fixture.greeting === undefined;
      return { isHeld, greeting: fixture.greeting ?? '', ended: new Promise<void>(() => undefined), release };
    },
  } as Partial<Connection> as Connection;
  const told: CheckResult[] = [];
  const results = await runVerification({
    checks,
    ignored: fixture.ignored ?? [],
    connection,
    room: { hold: sh`hold`, gone: check('Gone', fixture.gone) },
    onResult: (result) => told.push(result),
    signal: fixture.signal ?? new AbortController().signal,
  });
  expect(results).toEqual(told);
  return { log, told, states: told.map(({ name, status }) => `${name} ${status}`) };
}

describe('a verification', () => {
  it('makes its room before the first check that needs it, and removes it once', async () => {
    const { log, states } = await verify([check('A'), check('B', active), check('C', active)]);
    expect(log).toEqual(['A', 'hold', 'B', 'C', 'release', 'Gone']);
    expect(states).toEqual(['A passed', 'B passed', 'C passed', 'Gone passed']);
  });

  it('makes no room for checks that only look', async () => {
    expect((await verify([check('A')])).log).toEqual(['A']);
  });

  it('goes on after a failure, but not with what needs it', async () => {
    const checks = [
      check('A', active),
      check('B', { needs: ['A'] }),
      check('C', { needs: ['B'] }),
      check('D'),
    ];
    const { log, told, states } = await verify(checks, { answers: { A: 1 } });
    expect(states).toEqual(['A failed', 'B skipped', 'C skipped', 'D passed', 'Gone passed']);
    expect(told[0]).toMatchObject({ message: 'A err', hint: 'try again', output: 'A out\nA err' });
    expect(told[1]).toMatchObject({ message: 'it needs A', elapsedMs: 0 });
    expect(log).toEqual(['hold', 'A', 'D', 'release', 'Gone']);
  });

  it('leaves out what is ignored, and what needs it', async () => {
    const { states } = await verify([check('A', active), check('B', { needs: ['A'] })], { ignored: ['A'] });
    expect(states).toEqual(['A ignored', 'B skipped']);
  });

  it('asks for the reason of a failure, which stands before what failed', async () => {
    const diagnosis = {
      script: sh`why`,
      read: () => [{ kind: 'scheduling', message: 'no room', hint: 'add a node' }],
    };
    const { told } = await verify([check('A', { diagnosis })], { answers: { A: 1 } });
    expect(told[0]).toMatchObject({ message: 'scheduling: no room (A err)', hint: 'add a node' });
  });

  it('tries again when the server tells of a change', async () => {
    const log: string[] = [];
    const startedAt = performance.now();
    const watch: Watch = {
      paths: ['/pods'],
      means: { mark: () => sh`mark`, follow: (marks) => sh`follow ${[...marks.values()]}` },
    };
    const execute = async ({ script, onLine }: Execution): Promise<ExecutionResult> => {
      log.push(script);
      if (script.startsWith('follow')) {
        await sleep(600);
        onLine?.('0 8');
      }
      const isTold = log.some((line) => line.startsWith('follow'));
      return {
        code: script === 'A' && !isTold ? 1 : 0,
        stdout: script === 'mark' ? '0 7\n' : '',
        stderr: '',
      };
    };
    const results = await runVerification({
      checks: [check('A', { settle: { timeoutMs: 20_000, watch } })],
      ignored: [],
      connection: { host: 'cp1', execute } as Partial<Connection> as Connection,
      room: { hold: sh`hold`, gone: check('Gone') },
      onResult: () => undefined,
      signal: new AbortController().signal,
    });
    expect(results.map(({ status }) => status)).toEqual(['passed']);
    expect(log).toEqual(['A', 'mark', 'A', 'follow 7', 'A']);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('lets a failure settle for as long as it may', async () => {
    let left = 1;
    const { log, states } = await verify([check('A', { settle: { timeoutMs: 10_000 } })], {
      answers: { A: () => (left-- > 0 ? 1 : 0) },
    });
    expect(log).toEqual(['A', 'A']);
    expect(states).toEqual(['A passed']);
  });

  it('makes what is tried once, and tries nothing where it cannot be made', async () => {
    let left = 1;
    const more = { prepare: sh`make`, settle: { timeoutMs: 10_000 } };
    const { log } = await verify([check('A', more)], { answers: { A: () => (left-- > 0 ? 1 : 0) } });
    expect(log).toEqual(['make', 'A', 'A']);
    const failed = await verify([check('A', more)], { answers: { make: 1 } });
    expect(failed.log).toEqual(['make']);
    expect(failed.told[0]).toMatchObject({ status: 'failed', message: 'make err' });
  });

  it('does not try again what is hopeless', async () => {
    const settle = { timeoutMs: 10_000, hopeless: () => 'broken' };
    const { log, states } = await verify([check('A', { settle })], { answers: { A: 1 } });
    expect([log, states]).toEqual([['A'], ['A failed']]);
  });

  it('fails where no room can be made, and goes on with what needs none', async () => {
    const checks = [check('A', active), check('B')];
    const greeting = 'namespace deleted\nerror: timed out\n';
    const { told, states } = await verify(checks, { greeting });
    expect(states).toEqual(['A failed', 'B passed']);
    expect(told[0]?.message).toBe('no namespace could be made: error: timed out');
    const diagnosis = { script: sh`why`, read: () => [{ kind: 'deletion', message: 'a pod does not end' }] };
    const explained = await verify([check('A', active)], { greeting, gone: { diagnosis } });
    expect(explained.told[0]?.message).toBe(
      'deletion: a pod does not end (no namespace could be made: error: timed out)',
    );
  });

  it('removes its room when it is interrupted, and when the connection is lost', async () => {
    const controller = new AbortController();
    const hanging = (): Promise<number> => {
      controller.abort();
      return new Promise(() => undefined);
    };
    const { log, states } = await verify([check('A', active), check('B')], {
      answers: { A: hanging },
      signal: controller.signal,
    });
    expect(states).toEqual(['A failed', 'B skipped', 'Gone passed']);
    expect(log).toEqual(['hold', 'A', 'release', 'Gone']);
    await expect(verify([check('A', active)], { answers: { A: lost } })).rejects.toThrow('is lost');
  });
});
