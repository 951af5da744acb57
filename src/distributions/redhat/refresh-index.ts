import { lines, type Script, sh } from '#core/shell.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { IS_VERSION } from '#distributions/version-pattern.ts';
import { wantedWords } from '#distributions/wanted-words.ts';

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
  script: SCRIPT,
  lists: { wanted: wantedWords(wanted) },
});

/** Fails when the index does not offer a version, and says which versions it has, and what keeps packages away. */
const OFFERED: Script = sh`offered() (
set -f; names=
set -- $wanted
while [ $# -gt 0 ]; do names="$names $1"; shift 2; done
[ -n "$names" ] || exit 0
rows=$(offers $names)
set -- $wanted
while [ $# -gt 0 ]; do
  name=$1 version=$2 label=$1 own= found=
  [ "$version" = - ] || label="$name $version"
  shift 2
  while read -r _ row offer _; do
    [ "$row" = "$name" ] || continue
    own="$own $offer"
    if is_version "$offer" "$version"; then found=1; fi
  done <<ROWS
$rows
ROWS
  if [ -z "$found" ]; then
    echo "no package repository offers $label; these versions are there:" $own >&2
    set +f; grep -nHsE '^[[:space:]]*(excludepkgs|exclude)[[:space:]]*=' /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo >&2 || :
    exit 1
  fi
done )`;

const SCRIPT: Script = lines(
  ENVIRONMENT,
  OFFERS,
  IS_VERSION,
  OFFERED,
  sh`dnf -y -q makecache 2>/dev/null || :
offered 2>/dev/null || {
  dnf -y -q --refresh makecache || { code=$?; offered 2>/dev/null || exit "$code"; }
  offered
}`,
);
