import type { IpPool } from '#facts/ip-pools.ts';

import { familiesOf } from './calico-manifest.ts';

export const IPV6_POOL = 'default-ipv6-ippool';

type SubnetPool = Pick<IpPool, 'name' | 'cidr'>;

/** The pools that Calico makes for a pod subnet. */
export function subnetPools(podSubnet: string): readonly SubnetPool[] {
  const { ipv4, ipv6 } = familiesOf(podSubnet);
  return [
    ...(ipv4 === undefined ? [] : [{ name: 'default-ipv4-ippool', cidr: ipv4 }]),
    ...(ipv6 === undefined ? [] : [{ name: IPV6_POOL, cidr: ipv6 }]),
  ];
}

/** Pools that are wanted, each with the one of the same name that is there. */
export const pairPools = <Wanted extends SubnetPool>(wanted: readonly Wanted[], pools: readonly IpPool[]) =>
  wanted.flatMap((pool) => {
    const found = pools.find(({ name }) => name === pool.name);
    return found === undefined ? [] : [{ found, pool }];
  });
