import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { savedPlan } from '#core/saved-plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { cluster, fakeCli } from './fake-cli.ts';
import { blocked, gap, nothing, pending } from './fixture-plans.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

describe('plan', () => {
  test('shows the plan on standard output and ends well', async () => {
    const { code, stdout, calls } = await fakeCli(['plan'], { plan: pending });
    expect(code).toBe(0);
    expect(stdout).toContain('~ sysctl:net.ipv4.ip_forward  live value: 0 -> 1');
    expect(stdout).toMatch(/^Plan: 1 to change, 1 already right on 2 hosts$/m);
    expect(calls.opened[0]).toMatchObject({ holder: undefined, concurrency: 50 });
    expect(calls.called).toEqual(['plan']);
    expect(calls.closed).toBe(1);
  });

  test.each([
    ['changes', pending, 2],
    ['nothing to do', nothing, 0],
    ['a refusal', blocked, 1],
    ['an unreachable host', gap, 6],
  ])('with --detailed-exitcode and %s exits as it says', async (_what, plan, expected) => {
    expect((await fakeCli(['plan', '--detailed-exitcode'], { plan })).code).toBe(expected);
  });

  test('as JSON is the whole plan and nothing else', async () => {
    const { stdout } = await fakeCli(['plan', '--format', 'json'], { plan: pending });
    expect(JSON.parse(stdout)).toEqual(pending);
  });

  test('as Markdown is for a pull request', async () => {
    const { stdout } = await fakeCli(['plan', '--format', 'markdown'], { plan: pending });
    expect(stdout).toContain('**Plan: 1 to change, 1 already right on 2 hosts**');
    expect(stdout).toContain('- `~ sysctl:net.ipv4.ip_forward`: `live value: 0 -> 1`');
  });

  test('is saved with --out, and read back by apply', async () => {
    const path = join(await scratchDirectory(), 'cluster.plan');
    const { stderr } = await fakeCli(['plan', '--out', path], { plan: pending });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(savedPlan(pending, cluster, '1.2.3'));
    expect(stderr).toContain(`Apply exactly that with: slipway apply ${path}\n`);
  });

  test('that is saved names the whole command that applies it', async () => {
    const path = join(await scratchDirectory(), 'my plan');
    const { stderr } = await fakeCli(['plan', '-i', 'b.yaml', '--out', path], { plan: pending });
    expect(stderr).toContain(`Apply exactly that with: slipway apply -i b.yaml '${path}'\n`);
  });

  test('that cannot be saved says so', async () => {
    const { code, stderr } = await fakeCli(['plan', '--out', '/nowhere/at/all'], { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toContain('Error: cannot write /nowhere/at/all');
  });

  test('offline opens no run and asks for no password', async () => {
    const { code, calls, stderr } = await fakeCli(['plan', '--offline'], { plan: pending });
    expect(code).toBe(0);
    expect(calls.called).toEqual([]);
    expect(calls.opened).toMatchObject([{ path: 'inventory.yaml', secrets: 'skip' }]);
    expect(stderr).toContain('freshly installed');
  });

  test('on recorded facts is given them', async () => {
    const path = join(await scratchDirectory(), 'facts.json');
    await writeFile(path, JSON.stringify(pending.facts));
    const { calls } = await fakeCli(['plan', '--facts', path], { plan: pending });
    expect(calls.recordings).toEqual([pending.facts]);
  });

  test.each([
    ['--facts', '/nowhere'],
    ['--facts', import.meta.filename],
  ])('%s %s is refused as usage', async (...argv) => {
    const { code, stderr } = await fakeCli(['plan', ...argv], { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^Error: /m);
  });

  test.each([
    [[], false, false],
    [['-v'], true, false],
    [['-v', '-v'], true, true],
    [['-vv'], true, true],
  ])('with %j shows steps: %s, and their shell: %s', async (options, hasSteps, hasShell) => {
    const { stdout } = await fakeCli(['plan', ...options], { plan: pending });
    expect([stdout.includes('- set it'), stdout.includes('$ sysctl -w')]).toEqual([hasSteps, hasShell]);
  });

  test('takes global options before and after its name', async () => {
    const { calls } = await fakeCli(
      ['-i', 'other.yaml', 'plan', '--limit', 'gpu*,cp1', '--only', 'swap,kernel', '--concurrency', '7'],
      { plan: pending },
    );
    expect(calls.opened[0]).toMatchObject({
      path: 'other.yaml',
      limit: ['gpu*', 'cp1'],
      only: ['swap', 'kernel'],
      concurrency: 7,
    });
  });

  test.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ])('in the environment %j is coloured on a terminal: %s', async (env, isColored) => {
    const { stdout } = await fakeCli(['plan'], { plan: pending, isTTY: true, env });
    expect(stdout.includes('\u001b[')).toBe(isColored);
  });

  test('has no colour with --no-color, nor into a pipe', async () => {
    const piped = await fakeCli(['plan'], { plan: pending });
    const plain = await fakeCli(['plan', '--no-color'], { plan: pending, isTTY: true });
    expect(piped.stdout + plain.stdout).not.toContain('\u001b[');
  });
});

describe('error', () => {
  test('that is expected is shown without a stack, with its hint and exit code', async () => {
    const failure = new SlipwayError('cp1 is locked by another run: me', {
      code: 'locked',
      hint: 'wait for it to end',
      exitCode: 5,
    });
    const { code, stderr, calls } = await fakeCli(['plan'], { failure });
    expect(code).toBe(5);
    expect(stderr).toBe('Error: cp1 is locked by another run: me\nHint: wait for it to end\n');
    expect(calls.closed).toBe(1);
  });

  test('that is not expected is called a bug, with its stack', async () => {
    const { code, stderr } = await fakeCli(['plan'], { failure: new TypeError('x is undefined') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/TypeError: x is undefined\n {4}at /);
    expect(stderr).toContain('This is a bug in slipway');
  });

  test('after an interruption is the interruption', async () => {
    const { code, stderr } = await fakeCli(['plan'], {
      failure: new Error('aborted'),
      signal: AbortSignal.abort(),
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/^Interrupted/);
  });
});
