import type { Flags } from './flags.ts';
import type { Json, JsonObject } from './json.ts';
import type { LoadBalancer } from './load-balancer.ts';
import type { PackageRepository } from './package-repository.ts';
import type { Secret } from './secret.ts';

/** Kubernetes as wanted: its version, where it comes from, how it is reached, and what its components are told. */
export interface Kubernetes {
  /** `1.34.9`. */
  readonly version: string;
  readonly repository: PackageRepository;
  /** Where images come from, without a trailing slash: `registry.k8s.io`. */
  readonly imageRepository: string;
  /** `host:port` by which all nodes reach the API server. */
  readonly controlPlaneEndpoint: string;
  /** True where the inventory names an endpoint or a load balancer, rather than the first control plane's address standing in. */
  readonly hasStableEndpoint: boolean;
  readonly loadBalancer: LoadBalancer;
  /** CIDR, or two of them for dual stack. */
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  readonly dnsDomain: string;
  readonly apiServer: ApiServer;
  readonly controllerManager: Component;
  readonly scheduler: Scheduler;
  readonly etcd: Etcd;
  readonly featureGates: Readonly<Record<string, boolean>>;
  /** Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1), merged over slipway's own. */
  readonly kubelet: JsonObject;
  readonly kubeProxy: { readonly mode: KubeProxyMode; readonly config: JsonObject };
  /** Phases of `kubeadm init` that are left out, and what they would make with them. */
  readonly skipPhases: readonly SkippablePhase[];
  /** Changes to what kubeadm makes on control planes, in the order in which it makes them. */
  readonly patches: readonly StaticPodPatch[];
  /** What kubeadm's documents have beside what slipway makes of all else. */
  readonly kubeadm: KubeadmPatch;
  /** kubeadm's own preflight checks to pass to `--ignore-preflight-errors`, beside those a resume needs. */
  readonly ignorePreflightErrors: readonly string[];
}

/** In kubeadm's order. */
export const SKIPPABLE_PHASES = ['addon/coredns', 'addon/kube-proxy'] as const;
export type SkippablePhase = (typeof SKIPPABLE_PHASES)[number];

/**
 * What kubeadm patches, beside the kubelet's configuration.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/cmd/kubeadm/app/util/patches/patches.go
 */
export const PATCH_TARGETS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
  'corednsdeployment',
] as const;
export const PATCH_TYPES = ['strategic', 'merge', 'json'] as const;

export interface StaticPodPatch {
  readonly target: (typeof PATCH_TARGETS)[number];
  readonly type: (typeof PATCH_TYPES)[number];
  /** Fields, or for json a list of operations. */
  readonly content: Json;
}

/** Fields of kubeadm's documents (kubeadm.k8s.io/v1beta4), none of which slipway sets as well. */
export interface KubeadmPatch {
  readonly initConfiguration: JsonObject;
  readonly clusterConfiguration: JsonObject;
  readonly joinConfiguration: JsonObject;
}

export type KubeProxyMode = 'iptables' | 'ipvs' | 'nftables';

export interface Component {
  readonly extraArgs: Flags;
  /** What of the host its pod sees beside what kubeadm mounts. */
  readonly extraVolumes: readonly ExtraVolume[];
}

export interface Scheduler extends Component {
  /** Fields of KubeSchedulerConfiguration; absent: the scheduler has none. */
  readonly config?: JsonObject;
}

/** In kubeadm's words. */
export interface ExtraVolume {
  readonly name: string;
  readonly hostPath: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly pathType?: 'File' | 'FileOrCreate' | 'Directory' | 'DirectoryOrCreate';
}

/** The etcd of a cluster, by which all that depends on it is decided: a member on each control plane, or somebody else's. */
export type Etcd = StackedEtcd | ExternalEtcd;

export interface StackedEtcd extends Component {
  readonly type: 'stacked';
  /** Where its members keep their data on the hosts: absolute, without a trailing slash. */
  readonly dataDir: string;
}

/** Members, data and certificates are somebody else's; it gets no flags. */
export interface ExternalEtcd extends Component {
  readonly type: 'external';
  /** `https://10.0.0.5:2379`. */
  readonly endpoints: readonly string[];
  /** On the controller: the certificate of its authority, and the one that API servers show to it. */
  readonly caFile: string;
  readonly certFile: string;
  readonly key: { readonly secret: string; readonly value: Secret };
}

export interface ApiServer extends Component {
  readonly certSANs: readonly string[];
}

/** The name or the address of the endpoint, without its port. */
export const endpointHost = ({ controlPlaneEndpoint }: Pick<Kubernetes, 'controlPlaneEndpoint'>): string =>
  controlPlaneEndpoint.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
