import { CLUSTER } from '#core/fact.ts';
import { pluginOn } from '#core/gpu.ts';
import type { Phase } from '#core/phase.ts';
import { gpuAllocatable } from '#resources/cluster/gpu-allocatable.ts';
import { networkPods } from '#resources/cluster/network-pods.ts';
import { nodeReady } from '#resources/cluster/node-ready.ts';

/** Shows that what was built works. */
export const verify: Phase = {
  name: 'verify',
  summary: 'every node is registered and Ready, its network and its GPUs included',
  needs: () => [
    'host',
    'nodes',
    'kubelet',
    ...['network', 'kube-proxy', 'gpu'].map((phase) => ({ host: CLUSTER, phase })),
  ],
  resources: ({ cluster, host }) => {
    const { devicePlugin } = cluster.gpu;
    return [
      nodeReady(cluster, host),
      ...(cluster.network.plugin === 'calico' ? [networkPods(cluster, cluster.network, host)] : []),
      ...(host.gpu === false || devicePlugin.type === 'none'
        ? []
        : [gpuAllocatable(cluster, host, pluginOn(devicePlugin, host))]),
    ].map((resource) => ({ resource, runsOn: CLUSTER }));
  },
};
