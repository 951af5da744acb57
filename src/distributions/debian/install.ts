import { type Script, lines, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';

import { BOOTED, DPKG_OPTIONS, PASSING_FAULTS, UNATTENDED, UPDATE } from './apt.ts';

export const install: DistributionFamily['install'] = (packages, { isHeld, isDowngrade }) => ({
  do: 'run',
  summary: `install ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
  timeoutMs: 1_800_000,
  retry: PASSING_FAULTS,
  script: lines(
    BOOTED,
    UNATTENDED,
    MEND,
    sh`set -- -y -q ${OPTIONS} ${isDowngrade ? ['--allow-downgrades'] : []} ${packages.map(({ name, version }) => `${name}=${version}`)}`,
    // An old index may name packages that the mirror has replaced since.
    sh`if ! apt-get install --download-only "$@"; then`,
    UPDATE,
    sh`fi
apt-get install "$@"`,
    // --allow-change-held-packages removes the hold of what it installs.
    ...(isHeld ? [sh`apt-mark hold ${packages.map(({ name }) => name)}`] : []),
  ),
});

export const hold: DistributionFamily['hold'] = (names) => mark('hold', names);
export const unhold: DistributionFamily['unhold'] = (names) => mark('unhold', names);

const mark = (verb: 'hold' | 'unhold', names: readonly string[]): Step => ({
  do: 'run',
  summary: `${verb} ${names.join(', ')}`,
  retry: PASSING_FAULTS,
  script: sh`apt-mark ${verb} ${names}`,
});

/** Recommended packages are left out: none is needed. */
const OPTIONS = ['--no-install-recommends', '--allow-change-held-packages', ...DPKG_OPTIONS] as const;

/** What apt-get tells people to run when dpkg was interrupted; it finds that out in the same place. */
const MEND: Script = sh`if [ -n "$(ls -A /var/lib/dpkg/updates)" ]; then dpkg --force-confold --configure -a; fi`;
