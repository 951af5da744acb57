import { embed, lines, type Script, sh } from '#core/shell.ts';
import type { DistributionFamily, PackageQuestion } from '#distributions/distribution-family.ts';
import { versionPattern } from '#distributions/version-pattern.ts';

import { ENVIRONMENT, OFFERS, PASSING_FAULTS } from './dnf.ts';

/**
 * Only the index of repositories that it was never fetched of, or long ago, is fetched first; all of them where what is
 * wanted is not on offer then. A repository that is gone does not matter where the others have all that is wanted.
 *
 * @see https://dnf.readthedocs.io/en/latest/command_ref.html (4.14: makecache, --refresh)
 */
export const refreshIndex: DistributionFamily['refreshIndex'] = (wanted) => ({
  do: 'run',
  summary: 'fetch the package index',
  timeoutMs: 600_000,
  retry: PASSING_FAULTS,
  script: lines(
    ENVIRONMENT,
    OFFERS,
    sh`offered() (
versions=$(offers ${wanted.map(({ name }) => name)})`,
    ...wanted.map(offered),
    sh`)
dnf -y -q makecache 2>/dev/null || :
offered 2>/dev/null || {
  dnf -y -q --refresh makecache || { code=$?; offered 2>/dev/null || exit "$code"; }
  offered
}`,
  ),
});

/** Fails when the index does not offer the version, and says which versions it has, and what keeps packages away. */
function offered({ name, version }: PackageQuestion): Script {
  const wanted = version === null ? name : `${name} ${version}`;
  return sh`found=; own=$(printf '%s\n' "$versions" | sed -n ${`s/^offer ${name.replaceAll(/[.+]/g, String.raw`\$&`)} //p`})
for version in $own; do case $version in ${embed(versionPattern(version))}) found=1;; esac; done
if [ -z "$found" ]; then
  echo ${`no package repository offers ${wanted}; these versions are there:`} $own >&2
  grep -nHsE '^[[:space:]]*(excludepkgs|exclude)[[:space:]]*=' /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo >&2 || :
  exit 1
fi`;
}
