import { describe, expect, test } from 'vitest';

import { fakeCli } from './fake-cli.ts';
import { pending } from './fixture-plans.ts';

describe('explain', () => {
  test('of a resource says what it is for, and what the inventory makes of it', async () => {
    const plan = {
      ...pending,
      nodes: pending.nodes.map((node) => ({ ...node, id: 'cp1/swap/swap:live', address: 'swap:live' })),
    };
    const { code, stdout, calls } = await fakeCli(['explain', 'sysctl:net.ipv4.ip_forward'], { plan });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sysctl:net\.ipv4\.ip_forward\nA parameter of the kernel, /);
    expect(stdout).toContain('See https://kubernetes.io/docs/');
    expect(calls.called).toEqual([]);
  });

  test('of a check says how to ignore it', async () => {
    const { stdout } = await fakeCli(['explain', 'ClockSkew'], { plan: pending });
    expect(stdout).toContain('ignoreChecks: [ClockSkew]');
  });

  test.each(['check:ClockSkew', 'cp1/preflight/check:ClockSkew'])(
    'of %s, as it stands in a plan, is that of the check',
    async (name) => {
      const { stdout } = await fakeCli(['explain', name], { plan: pending });
      expect(stdout).toMatch(/^ClockSkew\n/);
      expect(stdout).toContain('ignoreChecks: [ClockSkew]');
    },
  );

  test('of an id names the resource, with its slashes', async () => {
    const name = 'cp1/runtime/file:/etc/containerd/config.toml';
    const { code, stdout } = await fakeCli(['explain', name], { plan: pending });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^file:\/etc\/containerd\/config\.toml\n/)]);
  });

  test('of anything else is wrong usage', async () => {
    const { code, stderr } = await fakeCli(['explain', 'nonsense'], { plan: pending });
    expect(code).toBe(3);
    expect(stderr).toContain('docs/reference');
  });
});
