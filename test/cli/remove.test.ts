import { describe, expect, test } from 'vitest';

import { fakeCli } from './fake-cli.ts';
import { blocked, nothing, pending } from './fixture-plans.ts';

describe('remove', () => {
  test('shows the plan, asks, and removes the node that it names', async () => {
    const questions: string[] = [];
    const { code, stdout, calls } = await fakeCli(['remove', 'gpu01'], {
      plan: pending,
      ask: async (question) => {
        questions.push(question);
        return 'yes';
      },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('Plan: 1 to change');
    expect(questions).toEqual(['\nRemove gpu01 from cluster lab? (yes/no) ']);
    expect(calls.applied).toEqual([pending]);
    expect(calls.opened[0]).toMatchObject({
      holder: 'the test',
      workflow: 'remove',
      remove: 'gpu01',
      skip: ['purge'],
    });
  });

  test.each(['no', '', 'gpu01'])('does nothing after the answer "%s"', async (answer) => {
    const given = { plan: pending, ask: async () => answer };
    const { code, stderr, calls } = await fakeCli(['remove', 'gpu01'], given);
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was removed.');
    expect(calls.applied).toEqual([]);
  });

  test('with --yes asks nobody, and with --purge takes packages along', async () => {
    const { code, calls } = await fakeCli(['remove', 'gpu01', '--yes', '--purge'], { plan: pending });
    expect(code).toBe(0);
    expect(calls.applied).toEqual([pending]);
    expect(calls.opened[0]).toMatchObject({ skip: [] });
  });

  test('with --plan takes no lock and does nothing', async () => {
    const { code, calls } = await fakeCli(['remove', 'gpu01', '--plan'], { plan: pending });
    expect(code).toBe(0);
    expect(calls.opened[0]?.holder).toBeUndefined();
    expect(calls.applied).toEqual([]);
  });

  test('of what is gone already does nothing', async () => {
    const { code, calls } = await fakeCli(['remove', 'gpu01', '--yes'], { plan: nothing });
    expect(code).toBe(0);
    expect(calls.applied).toEqual([]);
  });

  test('with something in the way does nothing', async () => {
    const { code, stderr, calls } = await fakeCli(['remove', 'gpu01', '--yes'], { plan: blocked });
    expect(code).toBe(1);
    expect(stderr).toContain('gpu01 was not removed: something stands in the way');
    expect(calls.applied).toEqual([]);
  });

  test.each([
    ['nobody to ask', ['remove', 'gpu01'], 'nobody is there to ask'],
    ['other hosts', ['remove', 'gpu01', '--yes', '--limit', 'gpu02'], 'a removal is of one node'],
    ['phases', ['remove', 'gpu01', '--yes', '--skip', 'removed-nodes'], 'a removal is of one node'],
  ])('with %s is refused before any host is asked', async (_, argv, message) => {
    const { code, stderr, calls } = await fakeCli(argv, { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toContain(message);
    expect(calls.opened).toEqual([]);
  });
});
