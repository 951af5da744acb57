import type { GpuDriver } from '#core/gpu.ts';
import { gated, type Resource, withChange } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { packages } from '#resources/packages/packages.ts';

/**
 * The distribution's package of the driver, and the driver loaded where that goes without a reboot. At a version of the
 * inventory's it is held: its libraries under a module of another version keep containers from starting.
 */
export function gpuDriver({ package: name, version }: GpuDriver, phase: string): Resource {
  const wanted = packages({
    name: 'nvidia-driver',
    packages: [{ name, version }],
    ...(version !== null && { isHeld: true }),
    phase,
  });
  return gated(wanted, {}, (_answers, _context, decide) =>
    withChange(decide(), (change) => ({
      ...change,
      steps: [...change.steps, load],
      notes: [...(change.notes ?? []), REBOOT],
    })),
  );
}

const REBOOT =
  'where the driver cannot be loaded as it is installed, the host has to be rebooted by a person: slipway never does';

/** The driver may not be loaded beside nouveau, or before it is built: then it is loaded at the next boot. */
const load = run(
  'load the driver; a reboot may be needed',
  sh`modprobe nvidia 2>/dev/null || echo 'the driver is not loaded: reboot this host' >&2`,
);
