import type { Cluster } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { ipPools } from '#facts/ip-pools.ts';
import { pairPools, subnetPools } from '#objects/calico-pools.ts';

import { check } from './check.ts';

/** Pods have their addresses from Calico's pools. Another subnet needs another pool, and pods have to be moved there. */
export function calicoPoolCheck({ kubernetes: { podSubnet } }: Cluster): Resource {
  return check({
    name: 'IPPool',
    facts: { pools: ipPools },
    judge: ({ pools }) => {
      const stranger = pairPools(subnetPools(podSubnet), pools).find(
        ({ found, pool }) => !isSameCidr(found.cidr, pool.cidr),
      );
      if (stranger === undefined) return "Calico's pools are the pod subnet, or not there yet";
      const { found, pool } = stranger;
      return {
        why: `Calico's pool ${found.name} is ${found.cidr}, and the inventory wants ${pool.cidr}`,
        hint: `write ${found.cidr} into kubernetes.networking.podSubnet; pods are moved to another pool by hand: https://docs.tigera.io/calico/latest/networking/ipam/migrate-pools`,
      };
    },
  });
}

/** IPv6 addresses may be written in upper or lower case. */
const isSameCidr = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
