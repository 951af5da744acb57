import type { Cluster } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import type { PhaseRef } from '#core/resource.ts';
import { kubeProxy as proxy } from '#resources/cluster/kube-proxy.ts';

/** How services are made. */
export const kubeProxy: Phase = {
  name: 'kube-proxy',
  summary: "kube-proxy's mode and settings, on a cluster that runs too",
  needs: ({ cluster, isClusterHost }) => [
    'control-plane',
    ...(isClusterHost && cluster.kubernetes.kubeProxy.mode === 'ipvs' ? ready(cluster) : []),
  ],
  forCluster: ({ cluster }) => [proxy(cluster)],
};

/** The mode needs modules and programs on every host before its pods start there. */
const ready = ({ hosts }: Cluster): readonly PhaseRef[] =>
  hosts.flatMap(({ name }) => ['kernel', 'host'].map((phase) => ({ host: name, phase })));
