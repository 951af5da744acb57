import { describe, expect, it } from 'vitest';

import { cgroupVersion } from '#checks/preflight/machine.ts';
import { openSlipway } from '#slipway.ts';

import { host, inventory, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const swapOf = async (text: string) => {
  const { cluster } = await parse(text);
  const { swap, kubelet } = cluster.hosts.at(-1)!;
  return { swap, kubelet };
};

const LIMITED = { failSwapOn: false, memorySwap: { swapBehavior: 'LimitedSwap' } };

describe('swap', () => {
  it.each<[string, string, object]>([
    ['is off by default', inventory(), { swap: 'off', kubelet: {} }],
    ['is off where that is said', host('swap: off'), { swap: 'off', kubelet: {} }],
    [
      'is left by a host, and its kubelet starts with it',
      host('swap: leave, kubelet: {maxPods: 5}'),
      { swap: 'leave', kubelet: { failSwapOn: false, maxPods: 5 } },
    ],
    [
      'is limited by its group',
      host('group: g', 'groups: {g: {swap: limited}}'),
      { swap: 'limited', kubelet: LIMITED },
    ],
    [
      'is off on one host of those that have it',
      host('swap: off', 'defaults: {swap: limited}'),
      { swap: 'off', kubelet: {} },
    ],
    [
      'is left where all kubelets take it',
      kubernetes('kubelet: {failSwapOn: false}'),
      { swap: 'leave', kubelet: {} },
    ],
    [
      'is left where this kubelet takes it',
      host('kubelet: {failSwapOn: false}'),
      { swap: 'leave', kubelet: { failSwapOn: false } },
    ],
  ])('%s', async (_, text, wanted) => {
    expect(await swapOf(text)).toEqual(wanted);
  });

  it.each<[string, string, string]>([
    [
      'a kubelet that takes none',
      host('swap: leave, kubelet: {failSwapOn: true}'),
      'hosts[1].swap: swap: leave is kubelet.failSwapOn: false, and the inventory has true there',
    ],
    [
      'kubelets of the cluster that take none',
      kubernetes('kubelet: {failSwapOn: true}', 'defaults: {swap: limited}'),
      'swap: limited is kubelet.failSwapOn: false, and the inventory has true there',
    ],
    [
      'pods that get none',
      host('swap: limited, kubelet: {memorySwap: {swapBehavior: NoSwap}}'),
      'swap: limited is kubelet.memorySwap.swapBehavior: "LimitedSwap", and the inventory has "NoSwap" there',
    ],
    ['another word', host('swap: on'), 'hosts[1].swap: must be off, leave or limited'],
  ])('beside %s is refused', async (_, text, message) => {
    expect(await problemsOf(text)).toContain(message);
  });

  it('that is left is not turned off, and scripts that turn it on are not looked for', async () => {
    const { cluster } = await parse(host('swap: leave'));
    const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent' });
    const plan = await slipway.offlinePlan();
    const about = plan.nodes.flatMap(({ id }) => (/\/swap$|SwapScript/.test(id) ? [id] : []));
    expect(about).toEqual(['cp1/preflight/check:SwapScript', 'cp1/swap/swap']);
  });

  it('is limited on cgroup v2 alone', async () => {
    const { cluster } = await parse(host('swap: limited'));
    const outcome = (cgroup: string, swap: 'leave' | 'limited') =>
      cgroupVersion(cluster, { swap }).diff({ os: { cgroup } } as never, { host: 'w1', changed: [] });
    expect(outcome('v1', 'limited')).toMatchObject({
      answer: 'refused',
      check: 'CgroupVersion',
      why: 'it runs on cgroup v1, on which the kubelet cannot limit swap',
    });
    expect(outcome('v2', 'limited')).toMatchObject({ answer: 'none' });
    expect(outcome('v1', 'leave')).toMatchObject({ answer: 'none' });
  });
});
