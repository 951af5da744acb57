import { type Script, embed, lines, sh } from '#core/shell.ts';
import type { DistributionFamily, PackageQuestion } from '#distributions/distribution-family.ts';

import { BOOTED, PASSING_FAULTS, UPDATE } from './apt.ts';
import { versionPattern } from './version-pattern.ts';

export const refreshIndex: DistributionFamily['refreshIndex'] = (wanted) => ({
  do: 'run',
  summary: 'fetch the package index',
  timeoutMs: 600_000,
  retry: PASSING_FAULTS,
  script: lines(BOOTED, sh`offered() (`, sh`:`, ...wanted.map(offered), sh`)`, REFRESH, sh`offered`),
});

/** When the whole index was last fetched here; it is forgotten with a reboot. */
const FETCHED = '/run/slipway-package-index';

/**
 * Where the whole index was fetched within the hour, by the phase before, only that of repositories which were
 * set up since is: the others' are tens of megabytes to read, and as they were.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html for Dir::Etc and APT::Get::List-Cleanup
 */
const REFRESH: Script = sh`isDone=
touch ${`${FETCHED}.begun`}
if [ -n "$(find ${FETCHED} -mmin -60 2>/dev/null)" ]; then
  for list in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ "$list" -nt ${FETCHED} ] || continue
    ${embed(UPDATE)} -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
  done
  if offered 2>/dev/null; then isDone=1; fi
fi
if [ -z "$isDone" ]; then
  ${embed(UPDATE)}
  mv ${`${FETCHED}.begun`} ${FETCHED}
fi`;

/** Fails, and says what there is, when the index does not offer the version. */
function offered({ name, version }: PackageQuestion): Script {
  const wanted = version === null ? name : `${name} ${version}`;
  return sh`versions=$(apt-cache madison -- ${name} | cut -d'|' -f2 | tr -d ' ')
found=
for version in $versions; do case $version in ${embed(versionPattern(version))}) found=1;; esac; done
if [ -z "$found" ]; then
  echo ${`no package repository offers ${wanted}; these versions are there:`} $versions >&2
  exit 1
fi`;
}
