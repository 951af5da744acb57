import { embed, lines, type Script, sh } from '#core/shell.ts';

import type { PackageQuestion } from './distribution-family.ts';
import { IS_VERSION } from './version-pattern.ts';

/** The list `wanted` that `offered` reads, each package its name and its version: `kubelet 1.34.9`; `-` where any will do. */
export const wantedWords = (wanted: readonly PackageQuestion[]): string =>
  wanted.map(({ name, version }) => `${name} ${version ?? '-'}`).join(' ');

export interface Offers {
  /** Prints what the index offers of all of `$names`, a version in each line. */
  readonly ask: Script;
  /** How `read` takes a line apart: `row` is the name, `offer` the version. */
  readonly fields: Script;
  /** Says more where one is not on offer. */
  readonly more?: Script;
}

/**
 * The shell function `offered`, which fails at the first package of the list `wanted` that the index does not offer at its
 * version, and says which versions there are. All are asked for at once: package managers take longer to open an index than
 * to look in it. Of a name that no repository knows there is no line.
 */
export const offered = ({ ask, fields, more = sh`:` }: Offers): Script =>
  lines(
    IS_VERSION,
    sh`offered() (
set -f; names=
set -- $wanted
while [ $# -gt 0 ]; do names="$names $1"; shift 2; done
[ -n "$names" ] || exit 0
rows=$(${embed(ask)})
set -- $wanted
while [ $# -gt 0 ]; do
  name=$1 version=$2 label=$1 own= found=
  [ "$version" = - ] || label="$name $version"
  shift 2
  while read -r ${embed(fields)}; do
    [ "$row" = "$name" ] || continue
    own="$own $offer"
    if is_version "$offer" "$version"; then found=1; fi
  done <<ROWS
$rows
ROWS
  if [ -z "$found" ]; then
    echo "no package repository offers $label; these versions are there:" $own >&2
    set +f; ${embed(more)}
    exit 1
  fi
done )`,
  );
