import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { afterUpgrade } from '#resources/upgrade/due.ts';
import { flagsOfKubelet, kubelet as kubeletSettings } from '#resources/kubelet/kubelet.ts';

/** A phase of its own, so that a change of settings goes over the workers before the control planes. */
export const kubelet: Phase = {
  name: 'kubelet',
  summary: "each node's kubelet, running on its settings and its flags",
  needs: () => ['upgrade', 'control-plane', 'join'],
  common: ({ cluster, host }) =>
    kubeletSettings(cluster, host, 'join').map((one) => afterUpgrade(one, cluster, host)),
  resources: ({ cluster, host }, common) => {
    const isFirst = host.name === firstControlPlane(cluster).name;
    const phase = isFirst ? 'control-plane' : 'join';
    const own = [
      ...flagsOfKubelet(cluster, host, phase),
      ...(isFirst ? kubeletSettings(cluster, host, phase) : []),
    ].map((one) => afterUpgrade(one, cluster, host));
    return isFirst ? own : [...own, ...common];
  },
};
