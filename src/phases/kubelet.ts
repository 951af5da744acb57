import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { flagsOfKubelet, kubelet as kubeletSettings } from '#resources/kubelet/kubelet.ts';

/** A phase of its own, so that a change of settings goes over the workers before the control planes. */
export const kubelet: Phase = {
  name: 'kubelet',
  summary: "each node's kubelet, running on its settings and its flags",
  needs: () => ['control-plane', 'join'],
  common: ({ cluster, host }) => kubeletSettings(cluster, host, 'join'),
  resources: ({ cluster, host }, common) => {
    const isFirst = host.name === firstControlPlane(cluster).name;
    return isFirst
      ? [
          ...flagsOfKubelet(cluster, host, 'control-plane'),
          ...kubeletSettings(cluster, host, 'control-plane'),
        ]
      : [...flagsOfKubelet(cluster, host, 'join'), ...common];
  },
};
