import type { Resource } from '#core/resource.ts';
import { type DaemonDefinition, restartingPackages } from '#resources/host/daemon.ts';
import { packages } from '#resources/packages/packages.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';

/** Packages of a runtime: they restart it where it runs, and where they are new it is started on the configuration behind them. */
export const runtimePackages = (
  { units: [unit] }: DaemonDefinition,
  name: string,
  wanted: readonly WantedPackage[],
): Resource =>
  restartingPackages(
    packages({ name, packages: wanted, isHeld: false, phase: 'runtime', startsLater: [unit] }),
    unit,
  );
