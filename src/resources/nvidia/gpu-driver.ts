import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { gpuState } from '#facts/gpu.ts';
import { packageState } from '#facts/package.ts';

import { check } from '#checks/preflight/check.ts';
import { isGpuHost } from './on-gpu-host.ts';
import { packages } from '#resources/packages/packages.ts';

/** A host whose GPUs a driver works with, or that gets one from slipway. */
export function gpuDriverCheck({ gpu, ignoredChecks }: Cluster, kind: HostKind): Resource {
  const { driverPackage } = gpu;
  return check({
    name: 'GpuDriver',
    ignored: ignoredChecks,
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

/** The distribution's package of the driver, and the driver loaded where that goes without a reboot. */
export function gpuDriver(name: string, phase: string): Resource {
  const wanted = packages({
    name: 'nvidia-driver',
    packages: [{ name, version: null }],
    isHeld: false,
    phase,
  });
  return {
    ...wanted,
    diff: (answers, context) => {
      const outcome = wanted.diff(answers, context);
      return outcome.answer === 'change' ? { ...outcome, steps: [...outcome.steps, load] } : outcome;
    },
  };
}

/** A driver that cannot be loaded beside nouveau, or that still has to be built, comes with the next boot. */
const load: Step = {
  do: 'run',
  summary: 'load the driver; a reboot may be needed',
  script: sh`modprobe nvidia 2>/dev/null || echo 'the driver is not loaded: reboot this host' >&2`,
};
