import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { gpuState, isGpuHost } from '#facts/gpu.ts';
import { packageState } from '#facts/package.ts';

import { check, type Objection } from './check.ts';

/** A host with GPUs has a driver that works with them, or gets one from slipway. */
export function gpuDriverCheck({ gpu }: Cluster, kind: HostKind): Resource {
  const wanted = gpu.driver === 'none' ? undefined : gpu.driver;
  return check({
    name: 'GpuDriver',
    facts: {
      gpus: gpuState,
      ...(wanted !== undefined && { package: packageState(wanted.package, null) }),
    },
    judge: ({ gpus: found, package: driver }, host) => {
      if (!found.isKnown) return 'its GPUs are not known without a connection';
      if (!isGpuHost(kind, found)) return 'there is no NVIDIA GPU';
      if (found.driver !== null) {
        return found.library === null || found.library === found.driver
          ? `NVIDIA driver ${found.driver} with ${found.gpus.length} GPU(s)`
          : ofTwoVersions(found.driver, found.library, host);
      }
      const { devices } = found;
      const what =
        devices.length > 0
          ? `it has an NVIDIA GPU (${devices.join(', ')}) and no driver is loaded`
          : 'the inventory says gpu: true, and there is neither an NVIDIA GPU on its PCI bus nor a driver';
      if (wanted === undefined || driver === undefined) {
        return {
          why: what,
          hint: `install NVIDIA's driver (https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/) and reboot, name the distribution's package of it as gpu.driver.package, or set gpu: false for ${host}`,
        };
      }
      if (driver.installed === null) return `${wanted.package} is to be installed; a reboot may be needed`;
      return {
        why: `${what}, though ${wanted.package} ${driver.installed} is installed`,
        hint: `reboot ${host}, and run slipway again; if that does not help, see "journalctl -k | grep -i nvidia" there`,
      };
    },
  });
}

/** NVML then says "Driver/library version mismatch", and no container with a GPU starts; those that run go on. */
const ofTwoVersions = (driver: string, library: string, host: string): Objection => ({
  why: `the driver that is loaded is ${driver} and its libraries are ${library}: no container with a GPU starts there until they are the same`,
  hint: `drain ${host} and reboot it; gpu.driver.version holds the package, so that no upgrade of the system does this`,
});
