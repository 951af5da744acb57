import { type Cluster, hasKubeProxy } from '#core/cluster.ts';
import { nameOfEndpoint } from '#core/load-balancer.ts';
import type { Phase } from '#core/phase.ts';
import type { PhaseRef, Resource } from '#core/resource.ts';
import { kubeProxy as proxy, kubeProxySteps } from '#resources/cluster/kube-proxy.ts';
import { proxyHostsEntry } from '#resources/cluster/proxy-hosts.ts';
import { afterControlPlanes, REWRITTEN } from '#resources/upgrade/due.ts';

/** How services are made. */
export const kubeProxy: Phase = {
  name: 'kube-proxy',
  summary: "kube-proxy's mode and settings, on a cluster that runs too",
  needs: ({ cluster, isClusterHost }) => [
    'control-plane',
    ...(nameOfEndpoint(cluster.kubernetes.loadBalancer) === undefined ? [] : ['load-balancer', 'join']),
    ...(isClusterHost && cluster.kubernetes.kubeProxy.mode === 'ipvs' ? ready(cluster) : []),
  ],
  common: ({ cluster }) => (hasKubeProxy(cluster) ? nameOf(cluster) : []),
  forCluster: ({ cluster }) =>
    hasKubeProxy(cluster)
      ? [afterControlPlanes(proxy(cluster), cluster, kubeProxySteps(cluster, REWRITTEN))]
      : [],
};

/** Where the endpoint is a name that slipway gives an address. */
function nameOf({ kubernetes: { loadBalancer } }: Cluster): readonly Resource[] {
  const entry = nameOfEndpoint(loadBalancer);
  return entry === undefined ? [] : [proxyHostsEntry(entry)];
}

/** The mode needs modules and programs on every host before its pods start there. */
const ready = ({ hosts }: Cluster): readonly PhaseRef[] =>
  hosts.flatMap(({ name }) => ['kernel', 'host'].map((phase) => ({ host: name, phase })));
