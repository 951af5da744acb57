import type { Cluster, Host } from '#core/cluster.ts';
import type { CalicoNetwork } from '#core/network.ts';
import { rememberLast } from '#core/remember-last.ts';
import { changeOr, none, resource, type Resource } from '#core/resource.ts';
import { apiNode } from '#facts/api.ts';
import { unreadyOn, workloadsOfThisLife, workloadsWatch } from '#facts/workloads.ts';
import { calicoNode } from '#objects/calico-workloads.ts';

import { aboutNode } from './on-node.ts';
import { PATIENCE_MS, rolloutSeconds } from './rolled-out.ts';

/** The network plugin's pods on a node are ready; what keeps them from it is told. */
export function networkPods(cluster: Cluster, network: CalicoNetwork, host: Host): Resource {
  const { wanted, found: pods, watch } = asked(network);
  return resource({
    address: `network-pods:${host.name}`,
    facts: { api: apiNode(host.name), found: pods },
    settle: {
      timeoutMs: rolloutSeconds() * 1000,
      pauseMs: 1000,
      hopeless: ({ found }) => unreadyOn(host.name, found).find(({ isStuck }) => isStuck)?.why,
      patienceMs: PATIENCE_MS,
      watch,
    },
    diff: ({ api, found }) => {
      return aboutNode(api, cluster, host, () => {
        if (found?.[0]?.rollout === 'absent') return none(`there is no ${wanted.name}`);
        return changeOr(
          `${wanted.name} is ready`,
          unreadyOn(host.name, found).map(({ why }) => ({
            what: `pod of ${wanted.name}`,
            from: why,
            to: 'ready',
          })),
          [],
        );
      });
    },
  });
}

/** Made once for all nodes. */
const asked = rememberLast((network: CalicoNetwork) => {
  const wanted = calicoNode(network);
  return { wanted, found: workloadsOfThisLife([wanted]), watch: workloadsWatch([wanted]) };
});
