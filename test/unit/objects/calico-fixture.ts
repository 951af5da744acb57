import type { CalicoNetwork } from '#core/network.ts';

export const network: CalicoNetwork = {
  plugin: 'calico',
  version: '3.32.1',
  install: { by: 'manifest', manifest: { location: '/calico.yaml', sha256: '' } },
  ipAutodetection: 'first-found',
  ipv6Autodetection: 'first-found',
  encapsulation: 'ipip',
  bgp: true,
  imagePullSecrets: [],
};

export const POOLS = [
  { name: 'rack-a', cidr: '10.244.0.0/18', nodeSelector: "rack == 'a'" },
  { name: 'rack-b', cidr: '10.244.64.0/18', blockSize: 24, encapsulation: 'vxlan', natOutgoing: false },
] as const;
