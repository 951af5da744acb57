import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { HAPROXY_CONFIG } from '#configuration/load-balancer.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import type { Cluster, Role } from '#core/cluster.ts';
import { hasProxy } from '#core/load-balancer.ts';
import type { Resource } from '#core/resource.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { listeningPort } from '#facts/port.ts';

import { check } from './check.ts';

/**
 * Ports that a node's own programs listen on.
 *
 * @see https://kubernetes.io/docs/reference/networking/ports-and-protocols/ (v1.34)
 */
const PORTS: Readonly<Record<Role, readonly number[]>> = {
  'control-plane': [6443, 10250, 10257, 10259],
  worker: [10250],
};

/** Of a member of etcd on a control plane. */
const MEMBER_PORTS = [2379, 2380];

/** Either of them is there before anything of a node listens; one may have been lost. */
const NODE_SIGNS = [KUBEADM_FILES.kubeletConfiguration, KUBEADM_FILES.clientCertificate];

interface WantedPort {
  readonly port: number;
  /** Whoever of them is there may be what listens. */
  readonly signs: readonly string[];
  readonly user: string;
  /** What is said of the port then. */
  readonly begun: string;
}

/** A load balancer may come to a machine that is a node already. */
const portsOf = ({ kubernetes: { etcd, loadBalancer } }: Cluster, role: Role): readonly WantedPort[] => [
  ...[...PORTS[role], ...(role === 'control-plane' && etcd.type === 'stacked' ? MEMBER_PORTS : [])].map(
    (port) => ({
      port,
      signs: NODE_SIGNS,
      user: `a ${role}`,
      begun: 'is for a machine that kubeadm has begun with',
    }),
  ),
  ...(hasProxy(loadBalancer, role)
    ? [
        {
          port: loadBalancer.port,
          signs: [HAPROXY_CONFIG],
          user: 'the load balancer',
          begun: 'is for haproxy, which is here already',
        },
      ]
    : []),
];

/** Ports that are free, as long as the machine is no node; kubeadm has checks of the same names. */
export const freePorts = (cluster: Cluster, role: Role): readonly Resource[] =>
  portsOf(cluster, role).map(({ port, signs, user, begun }) =>
    check({
      name: `Port-${port}`,
      facts: {
        port: listeningPort(port, signs),
        // A kubeadm of an earlier run may still be at work, and take ports while these questions are asked.
        isInit: detachedRunning(KUBEADM_UNITS.init),
        isJoin: detachedRunning(KUBEADM_UNITS.join),
      },
      judge: ({ port: { listeners, canAsk }, isInit, isJoin }) => {
        if (!canAsk) return { why: 'there is no ss to tell who listens', hint: 'install iproute2' };
        if (listeners === null || isInit || isJoin) {
          return `port ${port} ${begun}`;
        }
        if (listeners.length === 0) return `port ${port} is free`;
        return {
          why: `${listeners.join(', ')} listens on port ${port}, which ${user} needs`,
          hint: `stop ${listeners.join(', ')}, or have it listen on another port`,
        };
      },
    }),
  );
