import { describe, expect, it } from 'vitest';

import { calicoKernel } from '#checks/preflight/calico-kernel.ts';
import { calicoPoolCheck } from '#checks/preflight/calico-pool.ts';
import type { Cluster } from '#core/cluster.ts';
import type { CalicoNetwork, CalicoPool } from '#core/network.ts';
import type { IpPool } from '#facts/ip-pools.ts';

const cluster = { kubernetes: { podSubnet: '10.244.0.0/16' } } as Cluster;
const there = (name: string, cidr: string, blockSize = 0): IpPool => ({
  name,
  cidr,
  blockSize,
  ipip: 'Always',
  vxlan: 'Never',
});
const judge = (changes: Partial<CalicoNetwork>, ...pools: readonly IpPool[]) =>
  calicoPoolCheck(cluster, {
    encapsulation: 'ipip',
    install: { by: 'manifest' },
    ...changes,
  } as CalicoNetwork).diff({ pools } as never, {
    host: 'cp1',
    changed: [],
  });

const POOLS: readonly CalicoPool[] = [
  { name: 'a', cidr: '10.244.0.0/18' },
  { name: 'b', cidr: '10.244.64.0/18', blockSize: 24 },
];

describe('IPPool', () => {
  it.each([
    [{}, [there('default-ipv4-ippool', '10.244.0.0/16', 26), there('by-hand', '10.244.9.0/24')]],
    [{}, [there('default-ipv4-ippool', '10.244.0.0/16')]],
    // Nobody has said another size.
    [{}, [there('default-ipv4-ippool', '10.244.0.0/16', 24)]],
    [{ pools: POOLS }, [there('a', '10.244.0.0/18', 26), there('b', '10.244.64.0/18', 24)]],
    [{ pools: POOLS }, [there('elsewhere', '10.9.0.0/16')]],
    [{ pools: POOLS }, []],
  ])('has nothing against %j with %j', (network, pools) => {
    expect(judge(network, ...pools)).toMatchObject({ answer: 'none' });
  });

  it.each([
    [
      { install: { by: 'operator' } } as Partial<CalicoNetwork>,
      there('default-ipv4-ippool', '10.244.0.0/16', 24),
      'has blocks of /24, and the inventory wants /26',
    ],
    [{ blockSize: 24 }, there('default-ipv4-ippool', '10.244.0.0/16'), 'has blocks of /26'],
    [{ pools: POOLS }, there('b', '10.244.64.0/18', 26), 'has blocks of /26, and the inventory wants /24'],
    [{ pools: POOLS }, there('a', '10.244.0.0/17', 26), 'is 10.244.0.0/17, and the inventory wants'],
    [{ pools: POOLS }, there('default-ipv4-ippool', '10.244.0.0/16'), 'with which a of 10.244.0.0/18'],
  ])('refuses %j with %j', (network, pool, why) => {
    expect(judge(network, pool)).toMatchObject({ answer: 'refused', why: expect.stringContaining(why) });
  });
});

const kernelOf = (network: object, kernel: string) =>
  calicoKernel({ network: { plugin: 'calico', ...network } as CalicoNetwork }).map((one) =>
    one.diff({ os: { kernel } } as never, { host: 'w1', changed: [] }),
  );

describe('CalicoKernel', () => {
  it('asks nothing where nothing newer is wanted', () => {
    expect(kernelOf({ dataplane: 'iptables', wireguard: false }, '4.18.0')).toEqual([]);
    expect(calicoKernel({ network: { plugin: 'none' } })).toEqual([]);
  });

  it.each([
    [{ dataplane: 'bpf' }, '5.10.0-28-amd64', '5.4.0-150-generic'],
    [{ dataplane: 'nftables' }, '6.1.0-18-amd64', '5.10.0-28-amd64'],
    [{ wireguard: true }, '5.15.0-1', '5.4.0-1'],
  ])('wants a kernel for %j', (network, right, wrong) => {
    expect(kernelOf(network, right)).toMatchObject([{ answer: 'none' }]);
    expect(kernelOf(network, wrong)).toMatchObject([{ answer: 'refused', check: 'CalicoKernel' }]);
  });
});
