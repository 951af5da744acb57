import type { Phase } from '#core/phase.ts';
import { file } from '#resources/files/file.ts';
import { packages } from '#resources/packages/packages.ts';
import { noSwap } from '#resources/host/swap.ts';
import { sysctl } from '#resources/host/sysctl.ts';
import { unit } from '#resources/host/unit.ts';

import type { Work } from './work.ts';

/** The work in slipway's own resources, the ones its real phases are made of. */
export const workPhase = (work: Work): Phase => ({
  name: 'work',
  summary: 'what the benchmark asks for',
  needs: () => [],
  common: () => [
    ...Object.entries(work.sysctls).map(([key, value]) => sysctl({ key, value })),
    ...work.files.map((definition) => file(definition)),
    packages({
      name: 'work',
      packages: Object.entries(work.packages).map(([name, version]) => ({ name, version })),
      isHeld: true,
      phase: 'work',
    }),
    ...work.units.map((name) => unit({ name, isEnabled: true })),
    noSwap(),
  ],
});
