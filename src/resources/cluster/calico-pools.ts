import type { Cluster } from '#core/cluster.ts';
import type { CalicoNetwork } from '#core/network.ts';
import {
  changeOr,
  type Difference,
  differs,
  none,
  type Outcome,
  resource,
  type Resource,
} from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { type IpPool, ipPools } from '#facts/ip-pools.ts';
import { kubectl } from '#facts/kubectl.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { pairPools, poolModes, wantedPools } from '#objects/calico-pools.ts';

/**
 * The encapsulation of Calico's own pools. If there are none, calico-node makes them from the settings in its DaemonSet.
 * It never reads those settings again, so that on a running cluster the pools themselves have to be changed.
 *
 * @see https://docs.tigera.io/calico/latest/networking/configuring/vxlan-ipip (3.32)
 */
export function calicoPools(cluster: Cluster, network: CalicoNetwork): Resource {
  const wanted = wantedPools(network, cluster.kubernetes.podSubnet).map(({ name, encapsulation }) => ({
    name,
    ...poolModes(encapsulation),
  }));
  return resource({
    address: 'calico-pools',
    facts: { api: apiState, pools: ipPools },
    diff: ({ api, pools }) => {
      if (api.state !== 'ready') return waitsForApi("Calico's pools", api, () => diffPools(wanted, []));
      return diffPools(wanted, pools);
    },
  });
}

type PoolModes = Pick<IpPool, 'name' | 'ipip' | 'vxlan'>;

function diffPools(wanted: readonly PoolModes[], pools: readonly IpPool[]): Outcome {
  const pairs = pairPools(wanted, pools);
  if (pairs.length === 0) return none('calico-node makes the pools, from the settings in its DaemonSet');
  const differences = pairs.flatMap(({ found, pool }): readonly Difference[] => [
    ...differs(`${found.name} ipipMode`, found.ipip, pool.ipip),
    ...differs(`${found.name} vxlanMode`, found.vxlan, pool.vxlan),
  ]);
  const steps = pairs
    .filter(({ found, pool }) => found.ipip !== pool.ipip || found.vxlan !== pool.vxlan)
    .map(({ pool: { name, ipip, vxlan } }) => {
      const patch = JSON.stringify({ spec: { ipipMode: ipip, vxlanMode: vxlan } });
      return run(
        `change the encapsulation of ${name}`,
        sh`${embed(kubectl)} patch ippools.crd.projectcalico.org ${name} --type=merge -p ${patch}`,
      );
    });
  return changeOr('the pools are as wanted', differences, steps);
}
