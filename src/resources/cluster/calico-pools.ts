import type { CalicoNetwork, Cluster } from '#core/cluster.ts';
import {
  changeOr,
  type Difference,
  differs,
  none,
  type Outcome,
  refused,
  resource,
  type Resource,
} from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { apiState } from '#facts/api.ts';
import { type IpPool, ipPools } from '#facts/ip-pools.ts';
import { kubectl } from '#facts/kubectl.ts';

import { familiesOf, poolModes } from '#objects/calico-manifest.ts';
import { waitsForApi } from '#resources/kubeadm/kubeadm-init.ts';

/**
 * The encapsulation of Calico's own pools. calico-node makes them from the settings in its DaemonSet when there
 * are none, and never looks at those settings again: on a cluster that runs, the pools are what counts.
 *
 * @see https://docs.tigera.io/calico/latest/networking/configuring/vxlan-ipip (3.32)
 */
export function calicoPools(cluster: Cluster, network: CalicoNetwork): Resource {
  const { ipv4, ipv6 } = familiesOf(cluster.kubernetes.podSubnet);
  const { ipip, vxlan } = poolModes(network.encapsulation);
  const wanted: readonly IpPool[] = [
    ...(ipv4 === undefined ? [] : [{ name: 'default-ipv4-ippool', cidr: ipv4, ipip, vxlan }]),
    ...(ipv6 === undefined ? [] : [{ name: 'default-ipv6-ippool', cidr: ipv6, ipip: 'Never', vxlan }]),
  ];
  return resource({
    address: 'calico-pools',
    facts: { api: apiState, pools: ipPools },
    diff: ({ api, pools }) => {
      if (api.state !== 'ready') return waitsForApi(cluster, "Calico's pools");
      return diffPools(wanted, pools, cluster.ignoredChecks.includes('IPPool'));
    },
  });
}

function diffPools(wanted: readonly IpPool[], pools: readonly IpPool[], isIgnored: boolean): Outcome {
  const pairs = wanted.flatMap((pool) => {
    const found = pools.find(({ name }) => name === pool.name);
    return found === undefined ? [] : [{ found, pool }];
  });
  if (pairs.length === 0) return none('calico-node makes the pools, from the settings in its DaemonSet');
  const stranger = pairs.find(({ found, pool }) => !isSameCidr(found.cidr, pool.cidr));
  if (stranger !== undefined && !isIgnored) {
    const { found, pool } = stranger;
    return refused(
      'IPPool',
      `Calico's pool ${found.name} is ${found.cidr}, and the inventory wants ${pool.cidr}`,
      `write ${found.cidr} into kubernetes.networking.podSubnet; pods are moved to another pool by hand: https://docs.tigera.io/calico/latest/networking/ipam/migrate-pools`,
    );
  }
  const differences = pairs.flatMap(({ found, pool }): readonly Difference[] => [
    ...differs(`${found.name} ipipMode`, found.ipip, pool.ipip),
    ...differs(`${found.name} vxlanMode`, found.vxlan, pool.vxlan),
  ]);
  const steps = pairs
    .filter(({ found, pool }) => found.ipip !== pool.ipip || found.vxlan !== pool.vxlan)
    .map(({ pool: { name, ipip, vxlan } }) => {
      const patch = JSON.stringify({ spec: { ipipMode: ipip, vxlanMode: vxlan } });
      return {
        do: 'run' as const,
        summary: `change the encapsulation of ${name}`,
        script: sh`${embed(kubectl)} patch ippools.crd.projectcalico.org ${name} --type=merge -p ${patch}`,
      };
    });
  return changeOr('the pools are as wanted', differences, steps);
}

/** As text, but for the letters of IPv6. */
const isSameCidr = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
