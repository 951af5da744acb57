import {
  DEVICE_PLUGIN_IMAGE,
  HAMI_CHARTS,
  HAMI_IMAGE,
  NVIDIA_RELEASES,
  NVIDIA_REPOSITORY,
} from '#catalog/nvidia.ts';
import type { DevicePlugin, Gpu, GpuSharing } from '#core/gpu.ts';

import { DEFAULTS } from './inventory-default.ts';
import type { InventoryDocument } from './schema.ts';

type GpuDocument = NonNullable<InventoryDocument['gpu']>;

/** What hosts with GPUs get, every default applied. */
export function buildGpu(written: GpuDocument = {}): Gpu {
  const { toolkit = {}, driver } = written;
  const { url, keyUrl, fingerprint } = toolkit.repository ?? {};
  return {
    toolkit: {
      version: withoutV(toolkit.version ?? NVIDIA_RELEASES.toolkit),
      repository: {
        ...NVIDIA_REPOSITORY,
        ...(url !== undefined && { url: url.replace(/\/+$/, '') }),
        ...(keyUrl !== undefined && { keyUrl }),
        ...(fingerprint !== undefined && { fingerprint: fingerprint.replaceAll(' ', '').toUpperCase() }),
      },
    },
    mode: written.mode ?? DEFAULTS.gpuMode,
    isDefaultRuntime: written.defaultRuntime ?? false,
    ...(driver !== undefined && { driverPackage: driver.package }),
    devicePlugin: buildPlugin(written),
    ...(written.vectorAdd !== undefined && { vectorAddImage: written.vectorAdd }),
  };
}

function buildPlugin({ devicePlugin = {}, sharing, hami = {} }: GpuDocument): DevicePlugin {
  const { type = 'nvidia', image } = devicePlugin;
  if (type === 'none') return { type };
  if (type === 'hami') {
    return {
      type,
      version: withoutV(devicePlugin.version ?? NVIDIA_RELEASES.hami),
      image: image ?? HAMI_IMAGE,
      splitCount: hami.splitCount ?? DEFAULTS.hamiSplitCount,
      memoryScaling: hami.memoryScaling ?? 1,
      coreScaling: hami.coreScaling ?? 1,
      repository: (hami.repository ?? HAMI_CHARTS).replace(/\/+$/, ''),
      runsOn: hami.runsOn ?? 'controller',
    };
  }
  const shared = buildSharing(sharing);
  return {
    type,
    version: withoutV(devicePlugin.version ?? NVIDIA_RELEASES.devicePlugin),
    image: image ?? DEVICE_PLUGIN_IMAGE,
    migStrategy: devicePlugin.migStrategy ?? 'none',
    ...(shared !== undefined && { sharing: shared }),
    hasFeatureDiscovery: devicePlugin.featureDiscovery ?? false,
  };
}

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/api/config/v1/config.go (MPS fails requests for more than one) */
function buildSharing({ timeSlicing, mps }: NonNullable<GpuDocument['sharing']> = {}):
  | GpuSharing
  | undefined {
  if (mps !== undefined) {
    return { strategy: 'mps', replicas: mps.replicas, isRenamed: false, isLimitedToOne: true };
  }
  return (
    timeSlicing && {
      strategy: 'time-slicing',
      replicas: timeSlicing.replicas,
      isRenamed: timeSlicing.renameByDefault ?? false,
      isLimitedToOne: timeSlicing.failRequestsGreaterThanOne ?? false,
    }
  );
}

const withoutV = (version: string): string => version.replace(/^v/, '');
