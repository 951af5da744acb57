import { type CalicoNetwork, type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { rememberLast } from '#core/remember-last.ts';
import { changeOr, deferred, none, resource, type Resource } from '#core/resource.ts';
import { apiState } from '#facts/api.ts';
import { podsOf, type PodState } from '#facts/pods.ts';
import { calicoNode } from '#objects/calico-workloads.ts';

import { nodePodsStep } from './rollout-wait.ts';

/** Sorted once, for every host asks. */
const byNode = rememberLast((pods: readonly PodState[]) => Map.groupBy(pods, ({ node }) => node));

/** The network plugin's pods on a node are ready; what keeps them from it is told. */
export function networkPods(cluster: Cluster, network: CalicoNetwork, host: Host): Resource {
  const controlPlane = firstControlPlane(cluster);
  const workload = calicoNode(network);
  return resource({
    address: `network-pods:${host.name}`,
    facts: {
      api: apiState,
      pods: podsOf(workload.namespace, workload.selector),
    },
    settle: { timeoutMs: 120_000 },
    diff: ({ api, pods }) => {
      if (api.state !== 'ready' || api.nodes[host.name] === undefined) {
        const phase = controlPlane.name === host.name ? 'control-plane' : 'join';
        return deferred({ host: host.name, phase }, `node ${host.name}`);
      }
      const here = byNode(pods).get(host.name);
      if (here === undefined) return none(`no pod of ${workload.name} is on ${host.name}`);
      const differences = here
        .filter(({ isReady }) => !isReady)
        .map(({ name, why }) => ({ what: name, from: why, to: 'ready' }));
      return changeOr(`${workload.name} is ready`, differences, () => [nodePodsStep(workload, host.name)]);
    },
  });
}
