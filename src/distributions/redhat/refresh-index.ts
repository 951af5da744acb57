import { lines, type Script, sh } from '#core/shell.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { offered, wantedWords } from '#distributions/offered.ts';

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

/** What is not on offer may have been kept away. */
const OFFERED = offered({
  ask: sh`offers $names`,
  fields: sh`_ row offer _`,
  more: sh`grep -nHsE '^[[:space:]]*(excludepkgs|exclude)[[:space:]]*=' /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo >&2 || :`,
});

const SCRIPT: Script = lines(
  ENVIRONMENT,
  OFFERS,
  OFFERED,
  sh`dnf -y -q makecache 2>/dev/null || :
offered 2>/dev/null || {
  dnf -y -q --refresh makecache || { code=$?; offered 2>/dev/null || exit "$code"; }
  offered
}`,
);
