import type { Cluster } from '#core/cluster.ts';
import type { CalicoNetwork } from '#core/network.ts';
import { overlaps, parseCidr } from '#core/cidr.ts';
import type { Resource } from '#core/resource.ts';
import { type IpPool, ipPools } from '#facts/ip-pools.ts';
import { BLOCK_SIZES, pairPools, type WantedPool, wantedPools } from '#objects/calico-pools.ts';

import { check, type Objection } from './check.ts';

const MIGRATION = 'https://docs.tigera.io/calico/latest/networking/ipam/migrate-pools';

/**
 * Pods have their addresses from Calico's pools. Another subnet, or blocks of another size, need another pool, and pods have to
 * be moved there.
 */
export function calicoPoolCheck({ kubernetes: { podSubnet } }: Cluster, network: CalicoNetwork): Resource {
  const wanted = wantedPools(network, podSubnet);
  return check({
    name: 'IPPool',
    facts: { pools: ipPools },
    judge: ({ pools }) => {
      const faults = pairPools(wanted, pools).flatMap(
        ({ found, pool }) => otherPool(found, pool, network) ?? [],
      );
      return (
        faults[0] ??
        (network.pools === undefined ? undefined : strangePool(wanted, pools)) ??
        "Calico's pools are those of the inventory, or not there yet"
      );
    },
  });
}

function otherPool(found: IpPool, pool: WantedPool, network: CalicoNetwork): Objection | undefined {
  if (!isSameCidr(found.cidr, pool.cidr)) {
    return {
      why: `Calico's pool ${found.name} is ${found.cidr}, and the inventory wants ${pool.cidr}`,
      hint: `write ${found.cidr} into the inventory, in kubernetes.networking.podSubnet or network.pools; pods are moved to another pool by hand: ${MIGRATION}`,
    };
  }
  if (!isBlockSizeSaid(pool, network)) return undefined;
  const blockSize = found.blockSize || (found.cidr.includes(':') ? BLOCK_SIZES.ipv6 : BLOCK_SIZES.ipv4);
  if (blockSize === pool.blockSize) return undefined;
  return {
    why: `Calico's pool ${found.name} has blocks of /${blockSize}, and the inventory wants /${pool.blockSize}`,
    hint: `write blockSize: ${blockSize}; a pool cannot be changed in that, and pods are moved to another one by hand: ${MIGRATION}`,
  };
}

/** calico-node leaves a pool that it finds alone; the operator is told all of it. */
const isBlockSizeSaid = ({ cidr }: WantedPool, { install, pools, blockSize, ipv6BlockSize }: CalicoNetwork) =>
  install.by === 'operator' ||
  pools !== undefined ||
  (cidr.includes(':') ? ipv6BlockSize : blockSize) !== undefined;

/** Two pools that have addresses in common would give them out twice. */
function strangePool(wanted: readonly WantedPool[], pools: readonly IpPool[]): Objection | undefined {
  const names = new Set(wanted.map(({ name }) => name));
  for (const found of pools.filter(({ name }) => !names.has(name))) {
    const cidr = parseCidr(found.cidr);
    const pool = wanted.find((one) => {
      const other = parseCidr(one.cidr);
      return cidr !== undefined && other !== undefined && overlaps(cidr, other);
    });
    if (pool !== undefined) {
      return {
        why: `Calico has a pool ${found.name} of ${found.cidr}, with which ${pool.name} of ${pool.cidr} has addresses in common`,
        hint: `name the pool ${found.name} in network.pools; pods are moved to another one by hand: ${MIGRATION}`,
      };
    }
  }
  return undefined;
}

/** IPv6 addresses may be written in upper or lower case. */
const isSameCidr = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
