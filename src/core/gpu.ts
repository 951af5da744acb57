import type { PackageRepository } from './package-repository.ts';
import type { JsonObject } from './json.ts';

/** What hosts with NVIDIA GPUs get; which hosts those are, each host says itself. */
export interface Gpu {
  /** Null: somebody else brings it, such as the GPU operator, and slipway leaves runtimes and RuntimeClass alone. */
  readonly toolkit: GpuToolkit | null;
  /** How the NVIDIA runtime puts devices into containers; `auto` is the toolkit's own choice. */
  readonly mode: GpuMode;
  /** Containers get the NVIDIA runtime even where their pod does not name the RuntimeClass. */
  readonly isDefaultRuntime: boolean;
  /** Absent: the driver comes from elsewhere, and is there. `none`: a cluster that runs brings it. */
  readonly driver?: GpuDriver | 'none';
  readonly devicePlugin: DevicePlugin;
  /** An image of NVIDIA's vectorAdd sample, which `verify` runs on each node with GPUs; absent: it is not tried. */
  readonly vectorAddImage?: string;
}

/** The NVIDIA Container Toolkit. */
export interface GpuToolkit {
  /** `1.20.0`. */
  readonly version: string;
  readonly repository: PackageRepository;
}

/** The distribution's package of the driver. */
export interface GpuDriver {
  /** `nvidia-driver-580-server`. */
  readonly package: string;
  /** The version of the package, held there; null: whichever is there or on offer, and no hold is touched. */
  readonly version: string | null;
}

export type GpuMode = 'auto' | 'legacy' | 'cdi';

/** What tells the kubelet of a node's GPUs. */
export type DevicePlugin = NvidiaDevicePlugin | HamiDevicePlugin | { readonly type: 'none' };

/** @see https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0 */
export interface NvidiaDevicePlugin {
  readonly type: 'nvidia';
  /** `0.20.0`. */
  readonly version: string;
  /** Without a tag. */
  readonly image: string;
  readonly migStrategy: MigStrategy;
  /** Absent: a GPU belongs to one container at a time. */
  readonly sharing?: GpuSharing;
  /** Also run GPU feature discovery, which describes GPUs to Node Feature Discovery. */
  readonly hasFeatureDiscovery: boolean;
}

/** How GPUs of a host are handed out, where it is otherwise than the cluster's `devicePlugin` says. */
export interface HostGpus {
  readonly migStrategy?: MigStrategy;
  /** Null: a GPU belongs to one container at a time. */
  readonly sharing?: GpuSharing | null;
  readonly splitCount?: number;
  readonly memoryScaling?: number;
  readonly coreScaling?: number;
  /** What each of its GPUs is cut into; absent: cutting them is somebody else's. */
  readonly migDevices?: MigDevices;
}

/** How many MIG devices of each profile, `1g.10gb`, a GPU has; empty: it is whole. */
export type MigDevices = Readonly<Record<string, number>>;

/** Profiles from the largest to the smallest: a device that is made later has to find room between the others. */
export const profilesOf = (wanted: MigDevices): readonly string[] =>
  Object.entries(wanted)
    .toSorted(([left], [right]) => slicesOf(right) - slicesOf(left) || (left < right ? -1 : 1))
    .flatMap(([profile, count]) => Array.from({ length: count }, () => profile));

const slicesOf = (profile: string): number => Number.parseInt(profile, 10);

/** The device plugin as it is to work on a host. */
export function pluginOn<Plugin extends DevicePlugin>(
  plugin: Plugin,
  { gpuDevices }: { readonly gpuDevices?: HostGpus },
): Plugin {
  if (gpuDevices === undefined) return plugin;
  const { migDevices: _, sharing, ...others } = { ...plugin, ...gpuDevices };
  return (sharing === undefined || sharing === null ? others : { ...others, sharing }) as Plugin;
}

export type MigStrategy = 'none' | 'single' | 'mixed';

export interface GpuSharing {
  readonly strategy: 'time-slicing' | 'mps';
  /** How many times each GPU is offered. */
  readonly replicas: number;
  /** Shared GPUs are offered as `nvidia.com/gpu.shared`. */
  readonly isRenamed: boolean;
  /** A pod may not ask for more than one share. */
  readonly isLimitedToOne: boolean;
}

/** @see https://github.com/Project-HAMi/HAMi/tree/v2.10.0 */
export interface HamiDevicePlugin {
  readonly type: 'hami';
  /** `2.10.0`. */
  readonly version: string;
  /** Without a tag. */
  readonly image: string;
  /** How many containers share a GPU at most. */
  readonly splitCount: number;
  /** How much more memory is handed out than there is; 1: no more. */
  readonly memoryScaling: number;
  readonly coreScaling: number;
  /** The repository of charts that has its own. */
  readonly repository: string;
  /** Where helm renders its chart. */
  readonly runsOn: 'controller' | 'control-plane';
  /** Values of its chart, over slipway's own. */
  readonly values?: JsonObject;
}
