import { KUBELET_CONFIG_PATH } from '#configuration/kubelet-configuration.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { at } from '#core/fact.ts';
import { change, none, noted, type Resource } from '#core/resource.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';

import { onNode } from './on-node.ts';

/** The node is there and Ready; if it is not, the plan says why, and its own kubelet does when it was waited for in vain. */
export function nodeReady(cluster: Cluster, host: Host): Resource {
  const ready = onNode(cluster, host, 'ready', ({ isReady, message }) => {
    if (isReady) return none(`node ${host.name} is Ready`);
    if (cluster.network.plugin === 'none' && WAITS_FOR_NETWORK.test(message)) {
      return noted(none(`node ${host.name} is registered, and waits for a network plugin`), [NO_NETWORK]);
    }
    return { ...change([{ what: 'Ready', from: message || 'False', to: 'True' }]), check: 'NodeReady' };
  });
  return { ...ready, settle: { ...ready.settle, diagnosis: at(host.name, TROUBLES) } };
}

const TROUBLES = nodeTroubles(KUBELET_CONFIG_PATH);

/** What a kubelet says of a node that lacks nothing else: seen with 1.34.9 and containerd 1.7. */
const WAITS_FOR_NETWORK = /NetworkPluginNotReady|cni plugin not initialized|cni config uninitialized/;

const NO_NETWORK =
  'network.plugin is none: the node is NotReady and runs no pods with addresses of their own until you install a network plugin';
