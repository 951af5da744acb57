// Tests of an inventory, that need no host: npm test in a project of your own, with slipway and vitest installed.
import { expect, test } from 'vitest';

import { outcomeOf, planInventory, plannedEffects, planText, withAnswer } from 'slipway/testing';

const inventory = new URL('inventory.yaml', import.meta.url).pathname;

test('fresh machines become a cluster of three, and nothing is destroyed', async () => {
  const plan = await planInventory(inventory);
  expect(plan.hosts.map(({ name }) => name)).toEqual(['cp1', 'w1', 'w2']);
  expect(outcomeOf(plan, 'cp1', 'kubeadm-init').answer).toBe('change');
  expect(plannedEffects(plan)).not.toContainEqual(expect.objectContaining({ effect: 'destroy' }));
  expect(planText(plan)).toContain('w1, w2 (2 hosts, the same changes)');
});

test('a worker that forwards packets already is left alone in that', async () => {
  const { facts } = await planInventory(inventory);
  const forwarding = withAnswer(facts, 'w1', 'sysctl', 'net.ipv4.ip_forward', { live: '1' });
  const plan = await planInventory(inventory, { facts: forwarding });
  expect(outcomeOf(plan, 'w1', 'sysctl:net.ipv4.ip_forward')).toMatchObject({
    differences: [{ what: 'after a reboot', to: '1' }],
  });
  expect(outcomeOf(plan, 'w2', 'sysctl:net.ipv4.ip_forward')).toMatchObject({
    differences: [{ what: 'after a reboot' }, { what: 'live value' }],
  });
});
