import { type Script, embed, lines, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';

import {
  DPKG_OPTIONS,
  INSTALL_OPTIONS,
  PASSING_FAULTS,
  READ_WOULD_DO,
  UNATTENDED,
  UPDATE,
  WOULD_DO,
} from './apt.ts';
import { STARTING_LATER } from './starts-later.ts';

export const install: DistributionFamily['install'] = (
  packages,
  { isHeld, isDowngrade, others, startsLater = [] },
) => {
  const names = packages.map(({ name }) => name);
  return {
    do: 'run',
    summary: `install ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
    timeoutMs: 1_800_000,
    retry: PASSING_FAULTS,
    script: INSTALL,
    lists: {
      options: isDowngrade ? '--allow-downgrades' : '',
      packages: packages.map(({ name, version }) => `${name}=${version}`).join(' '),
      seen: [...names, ...others].join(' '),
      held: isHeld ? names.join(' ') : '',
      starts_later: startsLater.join(' '),
    },
  };
};

/**
 * Run by apt before dpkg, with what is going to be done: it fails, and apt with it, where a package would go or change that no
 * plan has shown. So what was looked at is what is done, and packages are not solved for a second time.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html (DPkg::Pre-Install-Pkgs, version 3)
 */
const REFUSE_UNSEEN = `awk '${[
  'function named(arch) { return arch == "all" || arch == ENVIRON["native"] ? $1 : $1 ":" arch }',
  'function tell(line) { print line > "/dev/stderr" }',
  'function refuse(what) { if (!refused++) tell("nothing was installed, for apt would also do what no plan has shown:"); tell(what) }',
  'NR == 1 && $0 != "VERSION 3" { refuse("unclear, by its words: " $0) }',
  'NR == 1, $0 == "" { next }',
  '$9 == "**REMOVE**" { refuse("remove " named($3) " [" $2 "]") }',
  '$9 !~ /^[*]/ && $2 != "-" && $5 != "=" && !index(" " ENVIRON["seen"] " ", " " named($7) " ") { refuse("change " named($7) " [" $2 "] to " $6) }',
  'END { exit (refused > 0) }',
].join(' ')}'`;

const REFUSING = [
  '-o',
  'DPkg::Pre-Install-Pkgs::=eval "$refuse_unseen"',
  '-o',
  'DPkg::Tools::options::eval::Version=3',
] as const;

/** Says what would have to go where apt would remove a package: with --no-remove it only says that something would. */
const TELL_REMOVALS: Script = sh`removed=$(apt-get install ${WOULD_DO} "$@" 2>&1 | ${embed(READ_WOULD_DO)} | awk '$1 == "Remv" { print "remove " $2 " " $3 }')
if [ -n "$removed" ]; then
  echo 'nothing was installed, for apt would also do what no plan has shown:' >&2
  printf '%s\n' "$removed" >&2
  exit 1
fi`;

/** What apt-get tells people to run when dpkg was interrupted; it finds that out in the same place. */
const MEND: Script = sh`if [ -n "$(ls -A /var/lib/dpkg/updates)" ]; then dpkg --force-confold --configure -a; fi`;

const INSTALL: Script = lines(
  UNATTENDED,
  STARTING_LATER,
  MEND,
  sh`set -- ${INSTALL_OPTIONS} $options $packages`,
  sh`[ -z "$dpkg_path" ] || set -- -o DPkg::Path="$dpkg_path" "$@"`,
  sh`export seen refuse_unseen=${REFUSE_UNSEEN} native="$(dpkg --print-architecture)"`,
  // Nothing is unpacked before all is downloaded.
  sh`apt-get install -y -q --no-remove ${REFUSING} "$@" || {
code=$?`,
  TELL_REMOVALS,
  // An old index may name packages that the mirror has replaced since; another repository may be gone.
  sh`if apt-get install -y -q --download-only "$@"; then exit "$code"; fi
${embed(UPDATE)} || :`,
  sh`apt-get install -y -q --no-remove ${REFUSING} "$@"
}`,
  // --allow-change-held-packages removes the hold of what it installs.
  sh`[ -z "$held" ] || apt-mark hold $held`,
);

export const hold: DistributionFamily['hold'] = (names) => mark('hold', names);
export const unhold: DistributionFamily['unhold'] = (names) => mark('unhold', names);

export const purge: DistributionFamily['purge'] = (names) => ({
  do: 'run',
  summary: `purge ${names.join(', ')}`,
  timeoutMs: 600_000,
  retry: PASSING_FAULTS,
  script: lines(
    UNATTENDED,
    MEND,
    sh`others=$(apt-get -s purge ${names} | awk -v named=${` ${names.join(' ')} `} '
$1 == "Purg" && !index(named, " " $2 " ") { print $2 " " $3 }')`,
    sh`if [ -n "$others" ]; then`,
    sh`  echo 'nothing was removed, for these packages need what is to go:' >&2`,
    sh`  printf '%s\n' "$others" >&2`,
    sh`  exit 1`,
    sh`fi`,
    sh`apt-get purge -y -q ${DPKG_OPTIONS} ${names}`,
  ),
});

const mark = (verb: 'hold' | 'unhold', names: readonly string[]): Step => ({
  do: 'run',
  summary: `${verb} ${names.join(', ')}`,
  retry: PASSING_FAULTS,
  script: sh`apt-mark ${verb} ${names}`,
});
