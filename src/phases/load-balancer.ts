import { hasProxy, type LoadBalancer } from '#core/load-balancer.ts';
import type { Phase } from '#core/phase.ts';
import { endpointName, endpointNameOfServer } from '#resources/load-balancer/endpoint-name.ts';
import { haproxy } from '#resources/load-balancer/haproxy.ts';
import { keepalived } from '#resources/load-balancer/keepalived.ts';
import { kubeVip } from '#resources/load-balancer/kube-vip.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';

const PHASE = 'load-balancer';

/** The way to the API servers, where slipway makes it. It is there before kubeadm runs, which takes it. */
export const loadBalancer: Phase = {
  name: PHASE,
  summary:
    'haproxy, keepalived or kube-vip, where the inventory asks for them, and the name they are reached by',
  needs: () => ['preflight', 'proxy', 'bundle'],
  common: ({ cluster, host }) => {
    const { role } = host;
    const { loadBalancer: balancer } = cluster.kubernetes;
    const programs = programsFor(balancer, role);
    const wanted = programs.map((name) => ({ name, version: null }));
    return [
      ...(programs.length === 0
        ? []
        : [
            packageIndex({ name: PHASE, packages: wanted }),
            packages({
              name: PHASE,
              packages: wanted,
              isHeld: false,
              phase: PHASE,
              startsLater: programs.map((name) => `${name}.service`),
            }),
          ]),
      ...(hasProxy(balancer, role) ? haproxy(cluster, balancer, PHASE) : []),
      // After the proxy that it leads to.
      ...(endpointName(cluster, host) ?? []),
    ];
  },
  resources: ({ cluster, host }, common) => {
    const { loadBalancer: balancer } = cluster.kubernetes;
    if (host.role === 'worker') return common;
    if (endpointName(cluster, host) === undefined) return endpointNameOfServer(cluster, host);
    if (balancer.type === 'kube-vip') return [...common, kubeVip(cluster, balancer, host)];
    return balancer.type === 'keepalived'
      ? [...common, ...keepalived(cluster, balancer, { host, phase: PHASE })]
      : common;
  },
};

/** Packages and units have their names. */
const programsFor = (balancer: LoadBalancer, role: 'control-plane' | 'worker'): readonly string[] => [
  ...(hasProxy(balancer, role) ? ['haproxy'] : []),
  ...(balancer.type === 'keepalived' && role === 'control-plane' ? ['keepalived'] : []),
];
