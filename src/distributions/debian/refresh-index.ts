import { type Script, embed, lines, sh } from '#core/shell.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { offered, wantedWords } from '#distributions/offered.ts';

import { PASSING_FAULTS, UPDATE } from './apt.ts';

export const refreshIndex: DistributionFamily['refreshIndex'] = (wanted) => ({
  do: 'run',
  summary: 'fetch the package index',
  timeoutMs: 600_000,
  retry: PASSING_FAULTS,
  script: SCRIPT,
  lists: { wanted: wantedWords(wanted) },
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

/** A line of it: `NAME | VERSION | INDEX`. @see https://manpages.debian.org/bookworm/apt/apt-cache.8.en.html (madison) */
const OFFERED = offered({ ask: sh`apt-cache madison -- $names || :`, fields: sh`row _ offer _` });

const SCRIPT: Script = lines(OFFERED, REFRESH, sh`[ -n "$isDone" ] || offered`);
