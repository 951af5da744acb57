import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { controlPlaneFiles } from '#resources/kubeadm/control-plane-files.ts';
import { kubeadmInit } from '#resources/kubeadm/kubeadm-init.ts';
import { kubeletConfigMap } from '#resources/kubelet/kubelet-config-map.ts';
import { kubeVipAfterInit } from '#resources/load-balancer/kube-vip.ts';

/** The cluster's first control plane. */
export const controlPlane: Phase = {
  name: 'control-plane',
  summary: 'kubeadm init on the first control plane, gone on with where it was cut off',
  needs: () => ['swap', 'kernel', 'runtime', 'nvidia', 'kubernetes', 'load-balancer'],
  resources: ({ cluster, host }) => {
    const { loadBalancer: balancer } = cluster.kubernetes;
    return host.name === firstControlPlane(cluster).name
      ? [
          controlPlaneFiles(cluster, host),
          kubeadmInit(cluster),
          ...(balancer.type === 'kube-vip' ? kubeVipAfterInit(cluster, balancer, host) : []),
          ...clusterSettings(cluster),
          kubeletConfigMap(cluster),
        ]
      : [];
  },
};
