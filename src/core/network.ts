import type { ManifestSource } from './manifest-source.ts';

/** What pods reach each other by. */
export type Network = CalicoNetwork | { readonly plugin: 'none' };

export interface CalicoNetwork {
  readonly plugin: 'calico';
  /** `3.32.1`. */
  readonly version: string;
  /** By one manifest, or by the Tigera operator. */
  readonly install: CalicoInstall;
  /** Calico's own words: `first-found`, `interface=eth.*`, `kubernetes-internal-ip`. */
  readonly ipAutodetection: string;
  /** The same for IPv6; of no meaning without it. */
  readonly ipv6Autodetection: string;
  /** Absent: Calico finds it out. */
  readonly mtu?: number;
  readonly encapsulation: Encapsulation;
  /** Whether nodes tell each other their routes by BGP; false only with a vxlan encapsulation. */
  readonly bgp: boolean;
  /** What stands in place of `quay.io`, without a trailing slash; absent: nothing. */
  readonly registry?: string;
  /** In place of one pool for all of each podSubnet; with at least one pool of each family. */
  readonly pools?: readonly CalicoPool[];
  /** Prefix length of the blocks that nodes get out of a pool; absent: 26 and 122. */
  readonly blockSize?: number;
  readonly ipv6BlockSize?: number;
  /** Absent: as the version of Calico does by itself. */
  readonly dataplane?: CalicoDataplane;
  /** Replicas of Typha, where it is not the operator that counts them; absent: none. */
  readonly typhaReplicas?: number;
  /** Names of Secrets in Calico's own namespace. */
  readonly imagePullSecrets: readonly string[];
  /** Absent: as it is on the cluster. */
  readonly wireguard?: boolean;
  /** What nodes and routers beside the cluster tell each other; absent: nothing is said of it. */
  readonly bgpRouting?: BgpRouting;
}

/** What moves packets, and applies policies to them. */
export const CALICO_DATAPLANES = ['iptables', 'nftables', 'bpf'] as const;
export type CalicoDataplane = (typeof CALICO_DATAPLANES)[number];

/** A pool as an inventory has it; what is absent is as the network says, or as Calico does by itself. */
export interface CalicoPool {
  readonly name: string;
  readonly cidr: string;
  readonly blockSize?: number;
  readonly encapsulation?: Encapsulation;
  readonly natOutgoing?: boolean;
  readonly nodeSelector?: string;
}

export interface BgpRouting {
  readonly asNumber: number;
  /** Whether each node is a peer of every other. */
  readonly nodeToNodeMesh: boolean;
  readonly peers: readonly BgpPeer[];
}

/** In Calico's words. */
export interface BgpPeer {
  readonly name: string;
  /** With a port or not. */
  readonly peerIP: string;
  readonly asNumber: number;
  /** Absent: all nodes. */
  readonly nodeSelector?: string;
  readonly keepOriginalNextHop?: boolean;
}

export type CalicoInstall =
  | { readonly by: 'manifest'; readonly manifest: ManifestSource }
  | { readonly by: 'operator'; readonly crds: ManifestSource; readonly manifest: ManifestSource };

export type Encapsulation = 'ipip' | 'ipip-cross-subnet' | 'vxlan' | 'vxlan-cross-subnet' | 'none';
