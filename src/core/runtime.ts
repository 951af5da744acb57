import type { JsonObject } from './json.ts';
import type { PackageRepository } from './package-repository.ts';
import type { Secret } from './secret.ts';

/** The container runtime of a host. */
export type Runtime = ContainerdRuntime | DockerRuntime | CrioRuntime;

interface RuntimeBase {
  /** Absent: whatever its source has. */
  readonly version?: string;
  /** The image of the container that holds a pod together. */
  readonly sandboxImage: string;
  /** Merged over slipway's own configuration of the runtime, in the runtime's own shape. */
  readonly config: JsonObject;
}

/** What runs the containers of pods that name its RuntimeClass, beside the runtime's own choice. */
export interface RuntimeHandler {
  /** Of the handler, and of its RuntimeClass. */
  readonly name: string;
  readonly type: (typeof HANDLER_TYPES)[number];
  /** The program, absolute; with containerd Kata's shim is looked for by containerd itself. */
  readonly program: string;
}

export const HANDLER_TYPES = ['gvisor', 'kata', 'crun'] as const;

/** The label of nodes that have a handler; pods of its RuntimeClass go there. */
export const handlerLabel = (name: string): string => `slipway/runtime-${name}`;

export const handlersOf = (runtime: Runtime): readonly RuntimeHandler[] =>
  runtime.type === 'docker' ? [] : (runtime.handlers ?? []);

export interface ContainerdRuntime extends RuntimeBase {
  readonly type: 'containerd';
  readonly handlers?: readonly RuntimeHandler[];
  readonly source: FromDistribution | FromRepository | FromReleases;
  /** Absent: containerd's own default, overlayfs. */
  readonly snapshotter?: string;
}

/** Docker, and cri-dockerd in front of it: the kubelet speaks CRI, which Docker does not. */
export interface DockerRuntime extends RuntimeBase {
  readonly type: 'docker';
  readonly source: FromDistribution | FromRepository;
  readonly criDockerd: Download;
}

export interface CrioRuntime extends RuntimeBase {
  readonly type: 'cri-o';
  readonly handlers?: readonly RuntimeHandler[];
  readonly source: FromRepository;
}

interface FromDistribution {
  readonly from: 'distribution';
}

interface FromRepository {
  readonly from: 'repository';
  readonly repository: PackageRepository;
}

/** The project's own release files. */
export interface FromReleases {
  readonly from: 'upstream';
  readonly containerd: Download;
  readonly runc: Download;
  readonly cniPlugins: Download;
}

/** A release file that no package manager brings. */
export interface Download {
  readonly version: string;
  /** By architecture in Go's words: `amd64`. */
  readonly files: Readonly<Record<string, { readonly url: string; readonly sha256: string }>>;
  /** Who fetches it: the host itself, or the controller, which streams it there. */
  readonly fetch: 'host' | 'controller';
}

/** A registry that is to be reached otherwise than by its name alone. */
export interface Registry {
  /** As images name it: `docker.io`, `registry.example.com:5000`. */
  readonly host: string;
  readonly endpoint: RegistryEndpoint;
  /** Tried in this order, before the registry itself. */
  readonly mirrors: readonly RegistryEndpoint[];
}

/** Mirrors first, the registry itself last, as they are tried. */
export const endpointsOf = ({ mirrors, endpoint }: Registry): readonly RegistryEndpoint[] => [
  ...mirrors,
  endpoint,
];

export interface RegistryEndpoint {
  /** Without a trailing slash: `https://registry.example.com:5000`. */
  readonly url: string;
  /** The certificate of its authority: an absolute path of the controller. */
  readonly caFile?: string;
  /** Whether any certificate will do. */
  readonly skipVerify: boolean;
  readonly login?: RegistryLogin;
}

export interface RegistryLogin {
  /** What steps call the secret, `user:password` in base64. */
  readonly secret: string;
  /** The same, as HTTP's basic authentication wants it. */
  readonly basic: Secret;
}
