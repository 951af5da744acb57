import { type Script, embed, lines, sh } from '#core/shell.ts';
import type { DistributionFamily, PackageQuestion } from '#distributions/distribution-family.ts';

import { PASSING_FAULTS, UPDATE } from './apt.ts';
import { versionPattern } from '#distributions/version-pattern.ts';

export const refreshIndex: DistributionFamily['refreshIndex'] = (wanted) => ({
  do: 'run',
  summary: 'fetch the package index',
  timeoutMs: 600_000,
  retry: PASSING_FAULTS,
  script: lines(sh`offered() (`, all(wanted), sh`)`, REFRESH, sh`[ -n "$isDone" ] || offered`),
});

/** Its time is that of the last fetch of the whole index; a reboot removes it. */
const FETCHED = '/run/slipway-package-index';

/**
 * Where the whole index was fetched within the last hour, by an earlier phase, only the index of repositories that were
 * set up since is fetched: those of the others are tens of megabytes to read, and still the same.
 *
 * A repository that is gone does not matter where the others have all that is wanted: something was not on offer
 * before, so that what is, was fetched now.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html for Dir::Etc and APT::Get::List-Cleanup
 */
const REFRESH: Script = sh`isDone=
touch ${`${FETCHED}.begun`}
if [ -n "$(find ${FETCHED} -mmin -60 2>/dev/null)" ]; then
  for list in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ "$list" -nt ${FETCHED} ] || continue
    ${embed(UPDATE)} -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 2>/dev/null || :
  done
  if offered 2>/dev/null; then isDone=1; fi
fi
if [ -z "$isDone" ]; then
  ${embed(UPDATE)} || { code=$?; offered 2>/dev/null || exit "$code"; }
  mv ${`${FETCHED}.begun`} ${FETCHED}
fi`;

/** Fails at the first package that the index does not offer at its version. */
const all = (wanted: readonly PackageQuestion[]): Script =>
  wanted.length === 0 ? sh`:` : lines(rowsOf(wanted.map(({ name }) => name)), ...wanted.map(offered));

/**
 * Asked of all at once, for apt takes longer to open its cache than to look in it: `NAME | VERSION | INDEX`, a line each. Of a
 * name that no repository knows there is none.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-cache.8.en.html (madison)
 */
const rowsOf = (names: readonly string[]): Script => sh`rows=$(apt-cache madison -- ${names}) || :
versions_of() {
while read -r name _ version _; do [ "$name" != "$1" ] || echo "$version"; done <<ROWS
$rows
ROWS
}`;

/** Says which versions there are where it fails. */
function offered({ name, version }: PackageQuestion): Script {
  const wanted = version === null ? name : `${name} ${version}`;
  return sh`versions=$(versions_of ${name})
found=
for version in $versions; do case $version in ${embed(versionPattern(version))}) found=1;; esac; done
if [ -z "$found" ]; then
  echo ${`no package repository offers ${wanted}; these versions are there:`} $versions >&2
  exit 1
fi`;
}
