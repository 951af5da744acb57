import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { change, differs, having } from '#core/resource.ts';
import { savedPlan } from '#core/saved-plan.ts';
import { cluster, fakeCli } from './fake-cli.ts';
import { nothing } from './fixture-plans.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

/** A plan after which nothing is left of w1 and w2, and that restarts a unit. */
const destructive: Plan = {
  ...nothing,
  nodes: ['w1', 'w2'].map((host) => ({
    id: `${host}/reset/kubeadm-reset`,
    host,
    runsOn: host,
    phase: 'kernel',
    address: 'kubeadm-reset',
    needs: [],
    outcome: having(change(differs('node', 'files of kubeadm', null), [], ['kubelet.service']), {
      destroys: [host],
    }),
  })),
  hosts: [{ name: 'w1' }, { name: 'w2' }],
};

describe('plan with --fail-on', () => {
  test.each([
    ['restart', 7],
    ['drain,destroy', 7],
    ['drain', 0],
  ])('%s exits with %i, after the plan is shown', async (effects, expected) => {
    const { code, stdout, stderr } = await fakeCli(['plan', '--fail-on', effects], { plan: destructive });
    expect(code).toBe(expected);
    expect(stdout).toContain('Destroys: nothing of it can be got back');
    expect(stderr.includes('Error: the policy forbids what this plan does:')).toBe(expected === 7);
  });

  test('an effect that there is not is wrong usage', async () => {
    const { code, stderr } = await fakeCli(['plan', '--fail-on', 'reboot'], { plan: destructive });
    expect(code).toBe(3);
    expect(stderr).toContain('restart, drain, replace, destroy');
  });
});

describe('apply of what destroys', () => {
  test('asks for the names, and then whether', async () => {
    const questions: string[] = [];
    const { code, calls } = await fakeCli(['apply'], {
      plan: destructive,
      ask: async (question) => {
        questions.push(question.trim());
        return questions.length === 1 ? 'w1, w2' : 'yes';
      },
    });
    expect(questions[0]).toBe('To destroy it, type the names of what is lost (w1, w2):');
    expect(code).toBe(0);
    expect(calls.applied).toEqual([destructive]);
  });

  test.each(['yes', 'w1', 'w2, w1', ''])('does nothing after the answer "%s"', async (answer) => {
    const { code, calls, stderr } = await fakeCli(['apply'], { plan: destructive, ask: async () => answer });
    expect([code, calls.applied]).toEqual([1, []]);
    expect(stderr).toContain('Nothing was applied');
  });

  test.each([
    [['--yes'], 3, 0],
    [['--yes', '--destroy', 'w1'], 1, 0],
    [['--yes', '--destroy', 'w1, w2'], 0, 1],
    [['--yes', '--destroy', 'w0,w2, w1'], 0, 1],
    [['--yes', '--destroy', ''], 1, 0],
    [['--yes', '--destroy', 'w1, w2', '--fail-on', 'destroy'], 7, 0],
  ])('with %j exits with %i', async (options, expected, applied) => {
    const { code, calls } = await fakeCli(['apply', ...options], { plan: destructive });
    expect([code, calls.applied.length]).toEqual([expected, applied]);
  });

  test('from a file wants the names as well', async () => {
    const path = join(await scratchDirectory(), 'cluster.plan');
    await writeFile(path, JSON.stringify(savedPlan(destructive, cluster, '1.2.3')));
    expect((await fakeCli(['apply', path], { plan: destructive })).code).toBe(3);
    expect((await fakeCli(['apply', path, '--destroy', 'w1, w2'], { plan: destructive })).code).toBe(0);
  });
});
