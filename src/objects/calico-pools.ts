import type { CalicoNetwork, CalicoPool, Encapsulation } from '#core/network.ts';
import type { IpPool } from '#facts/ip-pools.ts';

/** The CIDRs of a pod subnet by their family. */
export interface Families {
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

export function familiesOf(podSubnet: string): Families {
  const cidrs = podSubnet.split(',');
  return {
    ipv4: cidrs.find((cidr) => !cidr.includes(':')),
    ipv6: cidrs.find((cidr) => cidr.includes(':')),
  };
}

/** A pool with all that is to be said of one. */
export type WantedPool = Required<CalicoPool>;

/** @see https://github.com/projectcalico/calico/blob/v3.32.1/node/pkg/lifecycle/startup/startup.go (DEFAULT_IPV4_POOL_BLOCK_SIZE) */
export const BLOCK_SIZES = { ipv4: 26, ipv6: 122 } as const;

type Settings = Pick<CalicoNetwork, 'pools' | 'encapsulation' | 'blockSize' | 'ipv6BlockSize'>;

/**
 * The pools that a cluster is to have: those of the inventory, or one for all of each family's pod subnet.
 *
 * IPIP carries IPv4 only: beside it IPv6 is not encapsulated, and follows the routes of BGP.
 */
export function wantedPools(network: Settings, podSubnet: string): readonly WantedPool[] {
  const { ipv4, ipv6 } = familiesOf(podSubnet);
  const pools = network.pools ?? [
    ...(ipv4 === undefined ? [] : [{ name: 'default-ipv4-ippool', cidr: ipv4 }]),
    ...(ipv6 === undefined ? [] : [{ name: 'default-ipv6-ippool', cidr: ipv6 }]),
  ];
  return pools.map((pool: CalicoPool) => completePool(pool, network));
}

function completePool(pool: CalicoPool, network: Settings): WantedPool {
  const isIpv4 = !pool.cidr.includes(':');
  const { encapsulation } = { ...network, ...pool };
  return {
    blockSize: isIpv4 ? (network.blockSize ?? BLOCK_SIZES.ipv4) : (network.ipv6BlockSize ?? BLOCK_SIZES.ipv6),
    natOutgoing: isIpv4,
    nodeSelector: 'all()',
    ...pool,
    encapsulation: isIpv4 || encapsulation.startsWith('vxlan') ? encapsulation : 'none',
  };
}

/** What Calico calls an encapsulation in the settings of a pool. */
export function poolModes(encapsulation: Encapsulation): { readonly ipip: string; readonly vxlan: string } {
  const mode = encapsulation.endsWith('-cross-subnet') ? 'CrossSubnet' : 'Always';
  return {
    ipip: encapsulation.startsWith('ipip') ? mode : 'Never',
    vxlan: encapsulation.startsWith('vxlan') ? mode : 'Never',
  };
}

/** Pools that are wanted, each with the one of the same name that is there. */
export const pairPools = <Wanted extends { readonly name: string }>(
  wanted: readonly Wanted[],
  pools: readonly IpPool[],
) =>
  wanted.flatMap((pool) => {
    const found = pools.find(({ name }) => name === pool.name);
    return found === undefined ? [] : [{ found, pool }];
  });
