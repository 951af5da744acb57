import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { outcomeOf, planInventory, plannedEffects, planText, withAnswer } from '../../src/testing.ts';

import { scratchDirectory } from '../support/scratch-directory.ts';

async function inventory(): Promise<string> {
  const path = join(await scratchDirectory(), 'inventory.yaml');
  const hosts = '[{name: cp1, address: 10.0.0.1, role: control-plane}]';
  await writeFile(path, `cluster: {name: lab}\nkubernetes: {version: 1.34.9}\nhosts: ${hosts}\n`);
  return path;
}

test('inventory is planned in a test on fresh machines, the same each time', async () => {
  const path = await inventory();
  const plan = await planInventory(path, { only: ['preflight', 'kernel'] });
  expect(plan.phases).toEqual(['preflight', 'kernel']);
  expect(await planInventory(path, { only: ['preflight', 'kernel'] })).toEqual(plan);
  expect(planText(plan)).toMatch(/^Cluster lab, Kubernetes 1\.34\.9\n/);
  expect(plannedEffects(plan)).toEqual([]);
});

test('recorded facts are planned on, from a file or as they are, with another answer where one is given', async () => {
  const path = await inventory();
  const only = ['kernel'];
  const { facts } = await planInventory(path, { only });
  const other = withAnswer(facts, 'cp1', 'sysctl', 'net.ipv4.ip_forward', { live: '1' });
  expect(facts).not.toEqual(other);
  const file = join(await scratchDirectory(), 'facts.json');
  await writeFile(file, JSON.stringify(other));
  const plan = await planInventory(path, { only, facts: file });
  expect(plan).toEqual(await planInventory(path, { only, facts: other }));
  expect(outcomeOf(plan, 'cp1', 'sysctl:net.ipv4.ip_forward')).toMatchObject({
    differences: [{ what: 'after a reboot' }],
  });
});

test('what is not in a plan is said', async () => {
  const plan = await planInventory(await inventory(), { only: ['swap'] });
  expect(() => outcomeOf(plan, 'cp1', 'sysctl:x')).toThrow('no sysctl:x on cp1; it has ');
  expect(() => outcomeOf(plan, 'w9', 'sysctl:x')).toThrow('it has nothing there');
  expect(() => withAnswer(plan.facts, 'cp1', 'sysctl', 'x', '1')).toThrow('nobody asks cp1 for sysctl "x"');
});
