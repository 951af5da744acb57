import type { Cluster } from '#core/cluster.ts';
import { addressOfEndpoint, hasProxy, type LoadBalancer } from '#core/load-balancer.ts';
import type { Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { hostsEntries } from '#resources/host/hosts-entry.ts';
import { haproxy } from '#resources/load-balancer/haproxy.ts';
import { keepalived } from '#resources/load-balancer/keepalived.ts';
import { kubeVip } from '#resources/load-balancer/kube-vip.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';

const PHASE = 'load-balancer';

/** The way to the API servers, where slipway makes it. It is there before kubeadm runs, which takes it. */
export const loadBalancer: Phase = {
  name: PHASE,
  summary:
    'haproxy, keepalived or kube-vip, where the inventory asks for them, and the name they are reached by',
  needs: () => ['preflight'],
  common: ({ cluster, host: { role } }) => {
    const { loadBalancer: balancer } = cluster.kubernetes;
    const wanted = wantedPackages(balancer, role);
    return [
      ...(wanted.length === 0
        ? []
        : [
            packageIndex({ name: PHASE, packages: wanted }),
            packages({ name: PHASE, packages: wanted, isHeld: false, phase: PHASE }),
          ]),
      ...(hasProxy(balancer, role) ? haproxy(cluster, balancer, PHASE) : []),
      ...nameOf(cluster),
    ];
  },
  resources: ({ cluster, host }, common) => {
    const { loadBalancer: balancer } = cluster.kubernetes;
    if (host.role === 'worker') return common;
    if (balancer.type === 'kube-vip') return [...common, kubeVip(cluster, balancer, host)];
    return balancer.type === 'keepalived'
      ? [...common, ...keepalived(cluster, balancer, { host, phase: PHASE })]
      : common;
  },
};

const wantedPackages = (balancer: LoadBalancer, role: 'control-plane' | 'worker'): readonly WantedPackage[] =>
  [
    ...(hasProxy(balancer, role) ? ['haproxy'] : []),
    ...(balancer.type === 'keepalived' && role === 'control-plane' ? ['keepalived'] : []),
  ].map((name) => ({ name, version: null }));

/** The name comes after the proxy that it leads to. */
function nameOf({ kubernetes: { loadBalancer: balancer } }: Cluster): readonly Resource[] {
  const address = addressOfEndpoint(balancer);
  return address === undefined || balancer.type === 'external' || balancer.name === undefined
    ? []
    : hostsEntries({ name: balancer.name, address });
}
