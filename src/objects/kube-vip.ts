import { bracketed } from '#core/bracketed.ts';
import { isIPv4 } from 'node:net';

import type { Json } from '#core/json.ts';
import type { Bgp, BgpPeer, KubeVipBalancer } from '#core/load-balancer.ts';

import { objectTemplate, writeObjects } from './object-templates.ts';

export interface KubeVipHost {
  /** The host's own address. */
  readonly address: string;
  /** The kubeconfig on the host by which kube-vip takes part in the election. */
  readonly kubeconfig: string;
}

/**
 * The static pod of kube-vip, as its `manifest pod` makes it. Its metrics, which it offers to everybody, are for the
 * host alone.
 *
 * @see https://github.com/kube-vip/kube-vip/blob/v1.2.3/pkg/kubevip/config_generator.go (generatePodSpec)
 * @see https://github.com/kube-vip/kube-vip/blob/v1.2.3/pkg/kubevip/config_envvar.go
 */
export const kubeVipManifest = (balancer: KubeVipBalancer, { address, kubeconfig }: KubeVipHost): string => {
  const { bgp } = balancer;
  const env = {
    address: balancer.address,
    port: String(balancer.port),
    vip_subnet: isIPv4(balancer.address) ? '32' : '128',
    dns_mode: 'first',
    cp_enable: 'true',
    cp_namespace: 'kube-system',
    prometheus_server: '127.0.0.1:2112',
    ...(bgp === undefined ? arp(balancer) : toldByBgp(bgp, address)),
  };
  return writeObjects([
    objectTemplate('load-balancer/kube-vip.yaml', {
      image: balancer.image,
      kubeconfig,
      env: [
        { name: 'vip_nodename', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        ...Object.entries(env).map(([name, value]): Json => ({ name, value })),
      ],
    }),
  ]);
};

/** The host that holds a lease has the address; the times are those of `kube-vip manifest`. */
const arp = ({ interface: on }: KubeVipBalancer): Readonly<Record<string, string>> => ({
  vip_arp: 'true',
  ...(on !== undefined && { vip_interface: on }),
  vip_leaderelection: 'true',
  vip_leasename: 'plndr-cp-lock',
  vip_leaseduration: '15',
  vip_renewdeadline: '10',
  vip_retryperiod: '2',
});

/** All hosts tell of the address. Without the check, one with a dead API server would go on to. */
const toldByBgp = ({ as, peers }: Bgp, address: string): Readonly<Record<string, string>> => ({
  vip_arp: 'false',
  vip_interface: 'lo',
  vip_leaderelection: 'false',
  bgp_enable: 'true',
  bgp_as: String(as),
  ...(isIPv4(address) && { bgp_routerid: address }),
  bgp_sourceip: address,
  bgp_peers: peers.map(peerOf).join(','),
  control_plane_health_check_address: 'https://kubernetes:6443/readyz',
  control_plane_health_check_period_seconds: '5',
  control_plane_health_check_timeout_seconds: '3',
  control_plane_health_check_failure_threshold: '3',
  control_plane_health_check_ca_path: '/etc/kubernetes/pki/ca.crt',
});

/**
 * `address:AS:password:multihop`.
 *
 * @see https://github.com/kube-vip/kube-vip/blob/v1.2.3/pkg/kubevip/config_bgp.go (ParseBGPPeerConfig)
 */
const peerOf = ({ address, as, multihop }: BgpPeer): string => `${bracketed(address)}:${as}::${multihop}`;
