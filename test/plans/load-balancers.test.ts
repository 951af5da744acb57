import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { planned } from './planned.ts';

const page = readFileSync(new URL('../../docs/high-availability.md', import.meta.url), 'utf8');
const inventories = [...page.matchAll(/^```yaml\n(# inventory\.yaml\n[\s\S]*?)^```$/gm)].map(
  ([, text = '']) => text,
);

/** What the phase of load balancers, and what comes of it later, is to make of a host that is freshly installed. */
async function plannedFor(type: string, host: string): Promise<string> {
  const inventory = inventories.find((text) => text.includes(`type: ${type}`)) ?? '';
  const { nodes } = await planned(inventory);
  return nodes
    .filter(
      ({ id, phase }) => id.startsWith(`${host}/`) && (phase === 'load-balancer' || id.includes('kube-vip')),
    )
    .map(({ phase, address, outcome }) => {
      const texts =
        outcome.answer === 'change'
          ? outcome.differences.map(({ to }) => (typeof to === 'string' ? to : JSON.stringify(to)))
          : [];
      return [`== ${phase} ${address}: ${outcome.answer}`, ...texts].join('\n');
    })
    .join('\n');
}

describe('what a load balancer is on a host', () => {
  it.each([
    ['local', 'w1'],
    ['keepalived', 'cp2'],
    ['kube-vip', 'cp1'],
  ])('%s, on %s, reads as it did', async (type, host) => {
    await expect(`${await plannedFor(type, host)}\n`).toMatchFileSnapshot(`load-balancer-${type}.plan.txt`);
  });

  it.each([
    ['keepalived', 'w1'],
    ['kube-vip', 'w1'],
  ])('of %s is nothing on a worker', async (type, host) => {
    expect(await plannedFor(type, host)).toBe('');
  });
});
