import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { NodeRef } from '#core/event.ts';
import { savedPlan } from '#core/saved-plan.ts';
import { cluster, fakeCli, goodReport } from './fake-cli.ts';
import { blocked, gap, nothing, pending } from './fixture-plans.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const node: NodeRef = { id: 'cp1/kernel/x', host: 'cp1', phase: 'kernel', address: 'x' };

async function planFile(text = JSON.stringify(savedPlan(pending, cluster, '1.2.3'))): Promise<string> {
  const path = join(await scratchDirectory(), 'cluster.plan');
  await writeFile(path, text);
  return path;
}

describe('apply', () => {
  test('shows the plan, asks, and applies it after a yes', async () => {
    const questions: string[] = [];
    const { code, stdout, calls } = await fakeCli(['apply'], {
      plan: pending,
      ask: async (question) => {
        questions.push(question);
        return 'yes';
      },
    });
    expect(code).toBe(0);
    expect(questions).toEqual(['\nApply these changes? (yes/no) ']);
    expect(stdout).toContain('Plan: 1 to change');
    expect(stdout).toContain('Done: 3 changed in 1.5s. Nothing is left to do.');
    expect(calls.applied).toEqual([pending]);
    expect(calls.opened[0]).toMatchObject({ holder: 'the test' });
  });

  test.each(['no', 'y', ''])('applies nothing after the answer "%s"', async (answer) => {
    const { code, stderr, calls } = await fakeCli(['apply'], { plan: pending, ask: async () => answer });
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was applied.');
    expect(calls.applied).toEqual([]);
  });

  test('without a terminal and without --yes is refused before any host is asked', async () => {
    const { code, stderr, calls } = await fakeCli(['apply'], { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toContain('Hint: give --yes to apply without a question, or apply a saved plan');
    expect(calls.opened).toEqual([]);
  });

  test('with --yes asks nobody', async () => {
    const { code, calls } = await fakeCli(['apply', '--yes'], { plan: pending });
    expect(code).toBe(0);
    expect(calls.applied).toHaveLength(1);
  });

  test('with nothing to do says so and applies nothing', async () => {
    const { code, stdout, calls } = await fakeCli(['apply', '--yes'], { plan: nothing });
    expect(code).toBe(0);
    expect(stdout).toBe('No changes. 1 resource on 1 host are as the inventory says.\n');
    expect(calls.applied).toEqual([]);
  });

  test('with a check in the way shows it and applies nothing', async () => {
    const { code, stdout, stderr, calls } = await fakeCli(['apply', '--yes'], { plan: blocked });
    expect(code).toBe(1);
    expect(stdout).toContain('NumCPU: 1 CPU, 2 needed');
    expect(stderr).toContain('Error: nothing was applied: 1 check stands in the way');
    expect(calls.applied).toEqual([]);
  });

  test.each([
    ['a failure', { failed: [{ node, failure: { message: 'no' } }] }, 1],
    ['a skipped node', { skipped: [{ node, because: 'no' }] }, 1],
    ['something left', { left: [{ node, why: 'live value: 0 -> 1' }] }, 1],
    ['an unreachable host', { unreachable: [{ host: 'gpu01', why: 'no route' }] }, 6],
    [
      'an unreachable host and a failure',
      {
        unreachable: [{ host: 'gpu01', why: 'no route' }],
        failed: [{ node, failure: { message: 'no' } }],
      },
      1,
    ],
  ])('that ends with %s exits with its code', async (_what, part, expected) => {
    const report = { ...goodReport, ...part };
    const { code, stdout } = await fakeCli(['apply', '--yes'], { plan: gap, report });
    expect(code).toBe(expected);
    expect(stdout).toContain('Not done: ');
  });

  test('as JSON prints the report alone on standard output, and the plan for a person on the other', async () => {
    const { stdout, stderr } = await fakeCli(['apply', '--yes', '--format', 'json'], { plan: pending });
    expect(JSON.parse(stdout)).toEqual(goodReport);
    expect(stderr).toContain('Plan: 1 to change');
  });

  test.each([
    ['nothing to do', nothing, { changed: 0 }, 0],
    [
      'no host that answers',
      { ...gap, nodes: [] },
      { changed: 0, unreachable: [{ host: 'gpu01', why: 'no route' }] },
      6,
    ],
  ])('as JSON prints a report with %s too', async (_what, plan, part, expected) => {
    const report = { ...goodReport, ...part };
    const { code, stdout } = await fakeCli(['apply', '--yes', '--format', 'json'], { plan, report });
    expect(code).toBe(expected);
    expect(JSON.parse(stdout)).toEqual(report);
  });

  test('of a saved plan asks nobody, and is about its own hosts and phases', async () => {
    const { code, calls } = await fakeCli(['apply', await planFile()], { plan: pending });
    expect(code).toBe(0);
    expect(calls.opened[0]).toMatchObject({ limit: ['cp1', 'gpu01'], only: ['kernel'] });
    expect(calls.called).toEqual(['apply']);
    expect(calls.applied).toEqual([pending]);
  });

  test.each([
    ['that is none', '{"format":"slipway-plan/0"}', 'is not a saved plan of this version'],
    ['that is not JSON', 'apiVersion: v1', 'is not JSON'],
    ['that is no object', '7', 'is no saved plan'],
    [
      'that names another host than it did',
      JSON.stringify(savedPlan(pending, cluster, '1.2.3')).replaceAll('gpu01', 'gpu09'),
      'is not as it was saved',
    ],
  ])('of a file %s is refused', async (_what, text, message) => {
    const { code, stderr, calls } = await fakeCli(['apply', await planFile(text)], { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toContain(message);
    expect(calls.opened).toEqual([]);
  });

  test('of a saved plan takes no selection', async () => {
    const { code, stderr } = await fakeCli(['apply', await planFile(), '--limit', 'cp1'], { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toContain('a saved plan has its own hosts and phases');
  });
});

describe('verify', () => {
  const good = {
    name: 'ApiServer',
    summary: '',
    status: 'passed',
    elapsedMs: 120,
    message: '/readyz says ok',
  } as const;
  const bad = {
    name: 'PodDNS',
    summary: '',
    status: 'failed',
    elapsedMs: 5000,
    message: 'DNS: nobody answers',
    hint: 'look at <CoreDNS>',
    output: 'nslookup: no answer',
  } as const;

  test('plans nothing, and says what each check saw', async () => {
    const { code, calls, stdout } = await fakeCli(['verify', '--limit', 'cp1'], { checks: [good] });
    expect(code).toBe(0);
    expect(calls.opened[0]).toMatchObject({ holder: 'the test', limit: ['cp1'] });
    expect(calls.called).toEqual(['verify']);
    expect(stdout).toBe('ok      ApiServer   /readyz says ok (0.1s)\n\nThe cluster works: 1 check passed.\n');
  });

  test('fails with the reason of a check and what to do', async () => {
    const { code, stdout } = await fakeCli(['verify'], { checks: [good, bad] });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'FAILED  PodDNS      DNS: nobody answers (5.0s)\n        Hint: look at <CoreDNS>\n',
    );
    expect(stdout).not.toContain('nslookup');
    expect((await fakeCli(['verify', '-v'], { checks: [bad] })).stdout).toContain('nslookup: no answer');
  });

  test('writes a JUnit report that holds the reason', async () => {
    const path = join(await scratchDirectory(), 'report.xml');
    await fakeCli(['verify', '--junit', path], { checks: [good, bad] });
    const xml = await readFile(path, 'utf8');
    expect(xml).toContain('<testsuite name="slipway verify lab" tests="2" failures="1"');
    expect(xml).toContain('name="PodDNS" time="5.000"><failure message="DNS: nobody answers">');
    expect(xml).toContain('look at &lt;CoreDNS&gt;');
  });

  test.skipIf(!existsSync('/dev/full')).each(['text', 'json'])(
    'shows its result as %s though the JUnit report cannot be written',
    async (format) => {
      const argv = ['verify', '--format', format, '--junit', '/dev/full'];
      const { code, stdout, stderr } = await fakeCli(argv, { checks: [good, bad] });
      expect(code).not.toBe(0);
      expect(stdout).toContain('DNS: nobody answers');
      expect(stderr).toMatch(/^Error: cannot write \/dev\/full: ENOSPC/m);
    },
  );
});
