import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { kubeadmInit } from '#resources/kubeadm-init.ts';
import { kubeletRunning } from '#resources/kubelet-running.ts';

/** The cluster's first control plane. */
export const controlPlane: Phase = {
  name: 'control-plane',
  summary: 'kubeadm init on the first control plane, gone on with where it was cut off',
  needs: () => ['swap', 'kernel', 'runtime', 'kubernetes'],
  resources: ({ cluster, host }) =>
    host.name === firstControlPlane(cluster).name
      ? [kubeadmInit(cluster), kubeletRunning({ host: host.name, phase: 'control-plane' })]
      : [],
};
