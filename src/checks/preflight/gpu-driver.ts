import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { gpuState, isGpuHost } from '#facts/gpu.ts';
import { packageState } from '#facts/package.ts';

import { check } from './check.ts';

/** A host with GPUs has a driver that works with them, or gets one from slipway. */
export function gpuDriverCheck({ gpu }: Cluster, kind: HostKind): Resource {
  const { driverPackage } = gpu;
  return check({
    name: 'GpuDriver',
    facts: {
      gpus: gpuState,
      ...(driverPackage !== undefined && { package: packageState(driverPackage, null) }),
    },
    judge: ({ gpus: found, package: driver }, host) => {
      if (!found.isKnown) return 'its GPUs are not known without a connection';
      if (!isGpuHost(kind, found)) return 'there is no NVIDIA GPU';
      if (found.driver !== null) return `NVIDIA driver ${found.driver} with ${found.gpus.length} GPU(s)`;
      const { devices } = found;
      const what =
        devices.length > 0
          ? `it has an NVIDIA GPU (${devices.join(', ')}) and no driver is loaded`
          : 'the inventory says gpu: true, and there is neither an NVIDIA GPU on its PCI bus nor a driver';
      if (driverPackage === undefined || driver === undefined) {
        return {
          why: what,
          hint: `install NVIDIA's driver (https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/) and reboot, name the distribution's package of it as gpu.driver.package, or set gpu: false for ${host}`,
        };
      }
      if (driver.installed === null) return `${driverPackage} is to be installed; a reboot may be needed`;
      return {
        why: `${what}, though ${driverPackage} ${driver.installed} is installed`,
        hint: `reboot ${host}, and run slipway again; if that does not help, see "journalctl -k | grep -i nvidia" there`,
      };
    },
  });
}
