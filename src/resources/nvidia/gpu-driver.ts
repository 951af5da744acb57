import { gated, type Resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { packages } from '#resources/packages/packages.ts';

/** The distribution's package of the driver, and the driver loaded where that goes without a reboot. */
export function gpuDriver(name: string, phase: string): Resource {
  const wanted = packages({
    name: 'nvidia-driver',
    packages: [{ name, version: null }],
    isHeld: false,
    phase,
  });
  return gated(wanted, {}, (_answers, _context, decide) => {
    const outcome = decide();
    return outcome.answer === 'change' ? { ...outcome, steps: [...outcome.steps, load] } : outcome;
  });
}

/** The driver may not be loaded beside nouveau, or before it is built: then it is loaded at the next boot. */
const load = run(
  'load the driver; a reboot may be needed',
  sh`modprobe nvidia 2>/dev/null || echo 'the driver is not loaded: reboot this host' >&2`,
);
