import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { kubeProxy as proxy } from '#resources/kube-proxy.ts';

/** How services are made. */
export const kubeProxy: Phase = {
  name: 'kube-proxy',
  summary: "kube-proxy's mode and settings, on a cluster that runs too",
  // The mode needs modules and programs on every host before its pods start there.
  needs: ({ cluster }) => [
    'control-plane',
    ...(cluster.kubernetes.kubeProxy.mode === 'ipvs'
      ? cluster.hosts.flatMap(({ name }) => ['kernel', 'host'].map((phase) => ({ host: name, phase })))
      : []),
  ],
  resources: ({ cluster, host }) => (host.name === firstControlPlane(cluster).name ? [proxy(cluster)] : []),
};
