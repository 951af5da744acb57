/**
 * Where API servers listen: kubeadm's own default.
 *
 * @see https://kubernetes.io/docs/reference/networking/ports-and-protocols/ (v1.34)
 */
export const API_SERVER_PORT = 6443;

/** What stands before the API servers of a cluster. */
export type LoadBalancer = ExternalBalancer | LocalBalancer | KeepalivedBalancer | KubeVipBalancer;

/** Somebody else's, or none. */
interface ExternalBalancer {
  readonly type: 'external';
}

interface OwnBalancer {
  /** Where it listens: the port of the endpoint. */
  readonly port: number;
  /** The name in the endpoint; it is written into /etc/hosts of every host. Absent: the endpoint is an address. */
  readonly name?: string;
}

/** haproxy on every host, for that host alone. */
export interface LocalBalancer extends OwnBalancer {
  readonly type: 'local';
  readonly name: string;
}

interface VirtualAddress {
  /** The address that one control plane has at a time. */
  readonly address: string;
  /** Absent: the one that has the host's own address, or the default route. */
  readonly interface?: string;
}

/** haproxy on every control plane, and keepalived, which gives one of them the address. */
export interface KeepalivedBalancer extends OwnBalancer, VirtualAddress {
  readonly type: 'keepalived';
  /** By which the members of one address know each other: 1 to 255. */
  readonly virtualRouterId: number;
}

/** kube-vip as a static pod on every control plane. */
export interface KubeVipBalancer extends OwnBalancer, VirtualAddress {
  readonly type: 'kube-vip';
  readonly image: string;
  /** Absent: the address is told to the network by ARP. */
  readonly bgp?: Bgp;
}

export interface Bgp {
  readonly as: number;
  readonly peers: readonly BgpPeer[];
}

export interface BgpPeer {
  readonly address: string;
  readonly as: number;
  readonly multihop: boolean;
}

/** The name of the endpoint, and what it stands for on every host; undefined where slipway does not say. */
export function nameOfEndpoint(
  balancer: LoadBalancer,
): { readonly name: string; readonly address: string } | undefined {
  if (balancer.type === 'external' || balancer.name === undefined) return undefined;
  return { name: balancer.name, address: balancer.type === 'local' ? LOOPBACK : balancer.address };
}

const LOOPBACK = '127.0.0.1';

/** Whether hosts with this role have haproxy. Beside an API server there is no room for it on the port of API servers. */
export const hasProxy = (
  balancer: LoadBalancer,
  role: 'control-plane' | 'worker',
): balancer is LocalBalancer | KeepalivedBalancer =>
  (balancer.type === 'local' && (role === 'worker' || balancer.port !== API_SERVER_PORT)) ||
  (balancer.type === 'keepalived' && role === 'control-plane' && balancer.port !== API_SERVER_PORT);
