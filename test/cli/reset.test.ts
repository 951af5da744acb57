import { describe, expect, test } from 'vitest';

import { fakeCli } from './fake-cli.ts';
import { blocked, gap, nothing, pending } from './fixture-plans.ts';

const NAMED = ['reset', '--yes', '--cluster', 'lab'] as const;

describe('reset', () => {
  test('names the hosts, asks for the name of the cluster, and resets it', async () => {
    const questions: string[] = [];
    const { code, stdout, calls } = await fakeCli(['reset'], {
      plan: pending,
      ask: async (question) => {
        questions.push(question);
        return 'lab';
      },
    });
    expect(code).toBe(0);
    expect(questions).toEqual(['\nTo destroy it, type the name of the cluster (lab): ']);
    expect(stdout).toMatch(/\n {2}cp1, control-plane, /);
    expect(calls.applied).toEqual([pending]);
    expect(calls.opened[0]).toMatchObject({ holder: 'the test', workflow: 'reset', skip: ['purge'] });
  });

  test.each(['yes', 'LAB', 'labs', ''])('does nothing after the answer "%s"', async (answer) => {
    const { code, stderr, calls } = await fakeCli(['reset'], { plan: pending, ask: async () => answer });
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was reset.');
    expect(calls.applied).toEqual([]);
  });

  test('with --yes and the name asks nobody, and with --purge takes packages along', async () => {
    const { code, calls } = await fakeCli([...NAMED, '--purge'], { plan: pending });
    expect(code).toBe(0);
    expect(calls.applied).toHaveLength(1);
    expect(calls.opened[0]).toMatchObject({ skip: [] });
  });

  test.each([
    ['--yes without a name', ['reset', '--yes'], 'its name is missing', 0],
    [
      'the name of another cluster',
      ['reset', '--yes', '--cluster', 'labs'],
      'the cluster of this inventory is lab',
      1,
    ],
    ['nobody to ask', ['reset'], 'nobody is there to ask', 0],
    ['phases', [...NAMED, '--only', 'reset'], '--only and --skip have no place', 0],
  ])('with %s is refused before any host is asked', async (_, argv, message, opened) => {
    const { code, stderr, calls } = await fakeCli(argv, { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toContain(message);
    expect(calls.opened).toHaveLength(opened);
    expect(calls.called).toEqual([]);
  });

  test('with --plan shows the plan, takes no lock and does nothing', async () => {
    const { code, stdout, calls } = await fakeCli(['reset', '--plan'], { plan: pending });
    expect(code).toBe(0);
    expect(stdout).toContain('Plan: 1 to change');
    expect(calls.opened[0]?.holder).toBeUndefined();
    expect(calls.applied).toEqual([]);
  });

  test('of bare hosts does nothing', async () => {
    const { code, calls } = await fakeCli(NAMED, { plan: nothing });
    expect(code).toBe(0);
    expect(calls.applied).toEqual([]);
  });

  test('with something in the way does nothing', async () => {
    const { code, stderr, calls } = await fakeCli(NAMED, { plan: blocked });
    expect(code).toBe(1);
    expect(stderr).toContain('nothing was reset: something stands in the way');
    expect(calls.applied).toEqual([]);
  });

  test('with a host that cannot be reached does nothing, and says what to do', async () => {
    const { code, stderr, calls } = await fakeCli(NAMED, { plan: gap });
    expect(code).toBe(6);
    expect(stderr).toMatch(/nothing was reset: .* cannot be reached/);
    expect(calls.applied).toEqual([]);
  });

  test('goes on without a host that is to be absent and is gone, and says so', async () => {
    const hosts = [...pending.hosts, { name: 'w9', gone: 'no route to host' }];
    const { code, stdout, calls } = await fakeCli(NAMED, { plan: { ...pending, hosts } });
    expect(code).toBe(0);
    expect(stdout).toContain('\nw9 is to be absent and is left as it is: no route to host\n');
    expect(calls.applied).toHaveLength(1);
  });

  test('without one of the control planes is refused', async () => {
    // The control plane is asked about the cluster all the same.
    const plan = { ...pending, nodes: pending.nodes.filter(({ host }) => host === 'gpu01') };
    const { code, stderr, calls } = await fakeCli(NAMED, { plan });
    expect(code).toBe(3);
    expect(stderr).toContain('a reset without cp1 would leave a part of the cluster');
    expect(calls.applied).toEqual([]);
  });
});
