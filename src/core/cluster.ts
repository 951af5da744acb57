import type { Addons } from './addon-set.ts';
import type { BundledImage, BundledRepository } from './bundle.ts';
import type { Effect } from './effects.ts';
import type { Gpu, HostGpus } from './gpu.ts';
import type { Hook } from './hook.ts';
import type { HostFile } from './host-file.ts';
import type { JsonObject } from './json.ts';
import type { Kubernetes } from './kubernetes.ts';
import type { Network } from './network.ts';
import type { Proxy } from './proxy.ts';
import { rememberLast } from './remember-last.ts';
import type { Registry, Runtime } from './runtime.ts';
import type { Secret } from './secret.ts';

/** The cluster as wanted: the inventory with every default applied and every reference resolved. */
export interface Cluster {
  readonly name: string;
  readonly kubernetes: Kubernetes;
  readonly network: Network;
  /** Registries of images that have mirrors, an authority of their own or a login. */
  readonly registries: readonly Registry[];
  /** What package managers, runtimes and downloads of the hosts go through; null: nothing. */
  readonly proxy: Proxy | null;
  /** Where what is fetched comes from as far as nothing else is written; what it comes to is in the other members. Null: the projects. */
  readonly mirrors: Mirrors | null;
  readonly addons: Addons;
  readonly verify: VerifySettings;
  readonly upgrade: Upgrade;
  readonly certificates: CertificateSettings;
  readonly gpu: Gpu;
  /** Snapshots that control planes save on a timer; null where they save none. */
  readonly etcdBackup: EtcdBackup | null;
  readonly ssh: SshSettings;
  /** Checks that may fail, by the name the plan shows them under. */
  readonly ignoredChecks: readonly string[];
  /** Programs of the operator's, before and after phases. */
  readonly hooks: readonly Hook[];
  readonly policy: { readonly forbid: readonly Effect[] };
  readonly names: NameSettings;
  /** In inventory order; at least one control plane. */
  readonly hosts: readonly Host[];
  /** The bundle that everything from outside comes out of; absent: hosts and slipway fetch it. */
  readonly bundle?: ClusterBundle;
  /** Hosts go by no bundle any more, also those that were set up from one. */
  readonly leavesBundle?: true;
  /** Hosts that are to be no part of the cluster any more, in inventory order. They take part in nothing but their removal. */
  readonly leaving: readonly LeavingHost[];
}

/** What has in one place what slipway, hosts and container runtimes fetch. */
export interface Mirrors {
  /** The packages of Kubernetes, laid out as at pkgs.k8s.io/core:/stable:. */
  readonly kubernetes?: string;
  /** The images of the control plane. */
  readonly imageRepository?: string;
  /** Docker's packages, laid out as at download.docker.com/linux. */
  readonly docker?: string;
  /** Mirrors of registries, by the names that images give these. */
  readonly registries: Readonly<Record<string, string>>;
  /** What stands before the address of a file of GitHub's, in the place of https://. */
  readonly files?: string;
}

/** A bundle as hosts are brought it. */
export interface ClusterBundle {
  /** Tells it from others: the digest of its index. */
  readonly id: string;
  readonly images: readonly BundledImage[];
  readonly repositories: readonly BundledRepository[];
  /** What packages each host wants on each release that it may run, as repositories of the bundle say it. */
  readonly wanted: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface NameSettings {
  /** Whether machines get their names as hostnames. */
  readonly hostname: boolean;
  /** Whether /etc/hosts of each host has the names of all. */
  readonly hostsFile: boolean;
}

/** How `slipway verify` proves that a cluster works. */
export interface VerifySettings {
  /** What its pods run: an image with sh, wget, nslookup, and nginx or busybox' httpd. */
  readonly image: string;
  /** How long its pods may take to come up. */
  readonly timeoutMs: number;
}

/** How nodes that are in service are upgraded. */
export interface Upgrade {
  /** How many workers may be out of service at the same time: `1`, or a share of all, `10%`. */
  readonly maxUnavailable: string;
  /** Whether a snapshot of etcd is saved before the first control plane is touched. */
  readonly snapshot: boolean;
  /** Names of workers, those first that come first; the others come last. */
  readonly order: readonly (readonly string[])[];
  /** After which hosts a run ends, so that a person can look before the next one goes on. */
  readonly pauseAfter: readonly Pause[];
  readonly drain: Drain;
}

export interface Pause {
  /** As the inventory has it: `group:canary`. */
  readonly after: string;
  /** Names. */
  readonly hosts: readonly string[];
}

/** How a node is emptied of its pods. */
export interface Drain {
  /** `minor`: where the kubelet goes to another minor, as Kubernetes asks; `always`: for a patch as well. */
  readonly when: 'never' | 'minor' | 'always';
  /** When a node is drained for changes of its runtime, by the runtime's type. */
  readonly runtimes: Readonly<Record<Runtime['type'], DrainBefore>>;
  /** The same for what the phase nvidia changes. */
  readonly nvidia: DrainBefore;
  /** How long the pods may take to go, and budgets to let them. */
  readonly timeoutMs: number;
  /** How many seconds pods get to end; absent: what each of them asks for. */
  readonly gracePeriod?: number;
  /** Whether pods go that no controller makes anew. */
  readonly force: boolean;
  /** Whether pods are deleted, rather than evicted: budgets count for nothing then. */
  readonly disableEviction: boolean;
}

/** `whenRestarting`: where the runtime is restarted; `always`: for every change of its packages and files. */
export type DrainBefore = 'never' | 'whenRestarting' | 'always';

export interface EtcdBackup {
  /** When, in the words of systemd's OnCalendar. */
  readonly schedule: string;
  /** How many are kept on each host. */
  readonly keep: number;
  /** Absolute, on the hosts. */
  readonly directory: string;
  /** Which control planes. */
  readonly on: 'all' | 'first';
}

export interface CertificateSettings {
  /** How long before their end kubeadm's certificates are renewed; absent: only told of. */
  readonly renewBeforeMs?: number;
}

export interface SshSettings {
  /** A file in OpenSSH's known_hosts format. */
  readonly knownHosts: string;
  /** `strict` refuses an unknown host key, `accept-new` writes it down; a changed one is always refused. */
  readonly hostKeys: 'strict' | 'accept-new';
  readonly connectTimeoutMs: number;
}

export type Role = 'control-plane' | 'worker';

/** A machine that somebody logs in to by SSH: a host, or a bastion on the way to one. */
export interface Login {
  /** For people; of a host the name of its node. */
  readonly name: string;
  /** What SSH connects to: an IP address or a name; empty for one that leaves and that the inventory does not know. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Path of a private key; absent: the agent, then the usual files in ~/.ssh. */
  readonly identityFile?: string;
  readonly password?: Secret;
  readonly passphrase?: Secret;
  /** Bastions on the way to it, the one that is reached first in front; absent: it is reached directly. */
  readonly bastions?: readonly Login[];
}

/** A machine that is, or is to become, a node; its name is a DNS subdomain name in lower case. */
export interface Host extends Login {
  /** Absent: by SSH. `local`: it is the machine that slipway runs on. */
  readonly connection?: 'local';
  /** Whether steps go through sudo. */
  readonly become: boolean;
  readonly becomePassword?: Secret;
  readonly role: Role;
  /** The group of the inventory that it has settings of. */
  readonly group?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** The address the kubelet registers; absent: kubeadm's choice. */
  readonly nodeIp?: string;
  /** Its address of the other family, of IPv4 and IPv6. */
  readonly secondNodeIp?: string;
  readonly gpu: boolean | 'auto';
  /** Absent: its GPUs are handed out as everywhere. */
  readonly gpuDevices?: HostGpus;
  readonly runtime: Runtime;
  /** Flags without dashes. */
  readonly kubeletExtraArgs: Readonly<Record<string, string>>;
  /** Fields of KubeletConfiguration for this host, merged over those of the cluster. */
  readonly kubelet: JsonObject;
  readonly swap: SwapUse;
  /** Absent: nothing is said, and firewalld is checked alone. */
  readonly firewalld?: FirewalldUse;
  /** Absent: it stays as it is. */
  readonly selinux?: SelinuxUse;
  /** Absent: NetworkManager is left alone. */
  readonly networkManager?: NetworkManagerUse;
  /** What it is said to run; absent: nothing is said. */
  readonly os?: HostOs;
  /** Packages of the distribution that the host is to have beside those slipway needs. */
  readonly packages: readonly string[];
  /** Files of the operator's that the host is to have, by their paths in order. */
  readonly files: readonly HostFile[];
}

export interface HostOs {
  /** By ID and VERSION_ID of os-release: `rocky 9`. */
  readonly release: string;
  /** What such a machine answers of itself when it was just installed: plans without a connection are made for it. */
  readonly fresh: JsonObject;
}

/** `off`: none, now and at boot; `leave`: as it is, and pods get none of it; `limited`: pods get some of it. */
export type SwapUse = 'off' | 'leave' | 'limited';

/**
 * `keep`: as it is, and checked, without what slipway had let in; `open`: it lets in what nodes say to each other;
 * `disable`: it does not run.
 */
export type FirewalldUse = 'keep' | 'open' | 'disable';

/** Of SELinux, where the kernel runs with it. */
export type SelinuxUse = 'permissive' | 'enforcing';

/** `keep`: as it is, without what slipway had told it; `without-calico`: it leaves Calico's interfaces alone. */
export type NetworkManagerUse = 'keep' | 'without-calico';

export interface LeavingHost extends Host {
  /** Whether Kubernetes' packages go as well. */
  readonly isPurged: boolean;
}

const OF_KIND = [
  'role',
  'gpu',
  'gpuDevices',
  'runtime',
  'kubelet',
  'swap',
  'firewalld',
  'selinux',
  'networkManager',
  'os',
  'packages',
  'files',
] as const satisfies readonly (keyof Host)[];

/**
 * What hosts can have in common. Resources that a phase makes of this alone are made once for all hosts of a kind.
 */
export type HostKind = Pick<Host, (typeof OF_KIND)[number]>;

export const kindOf = (host: Host): HostKind =>
  Object.fromEntries(
    OF_KIND.filter((key) => host[key] !== undefined).map((key) => [key, host[key]]),
  ) as unknown as HostKind;

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Of control planes, unless they are to take pods of others. */
export const CONTROL_PLANE_TAINT: Taint = {
  key: 'node-role.kubernetes.io/control-plane',
  value: '',
  effect: 'NoSchedule',
};

/** Whether it is kube-proxy that makes services, and nothing in its place. */
export const hasKubeProxy = ({ kubernetes }: Pick<Cluster, 'kubernetes'>): boolean =>
  !kubernetes.skipPhases.includes('addon/kube-proxy');

/** In inventory order. */
export const controlPlanesOf = ({ hosts }: Pick<Cluster, 'hosts'>): readonly Host[] =>
  hosts.filter(({ role }) => role === 'control-plane');

/** The control plane that runs `kubeadm init`: the first in inventory order. */
export function firstControlPlane(cluster: Cluster): Host {
  const host = first(cluster.hosts);
  if (host === undefined) throw new TypeError(`cluster ${cluster.name} has no control plane`);
  return host;
}

/** Remembered, because it is asked for once a host. */
const first = rememberLast((hosts: readonly Host[]) => hosts.find(({ role }) => role === 'control-plane'));
