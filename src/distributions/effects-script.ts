import { embed, lines, type Script, sh } from '#core/shell.ts';

import type { PackageQuestion } from './distribution-family.ts';
import { wantedVersion } from './version-pattern.ts';

/**
 * Prints what the package manager would do of one question, given what it would install for it: what was found of all
 * `together`, where that is all there is, or where together they do nothing to others, else by a `simulate` of its own.
 */
export const EFFECTS: Script = sh`effects() {
case $1 in '') echo unknown;; *)
if [ "$all" = " $1" ]; then printf '%s\n' "$together"
elif [ -n "$together" ]; then simulate $1; fi;; esac
echo end; }`;

/** Where all packages are there as wanted, nothing is looked up, and what would do so is not run. */
export const endsWhereAllIsThere = (questions: number): Script =>
  sh`if [ -z "$names" ]; then
printf '%s\nend\n' ${Array.from({ length: questions }, () => 'unknown')}
exit 0
fi`;

/** The shell variable that holds what would be installed for a question. */
export const setOf = (index: number): { readonly script: Script } => embed(`set_${index}` as Script);

const IS_ASKED_AHEAD = '[ -n "${slipway_installed+x}" ]' as Script;

/** Asks what is installed of all packages that a look is about, ahead of the questions that want to know. */
export const asksAhead = (installed: Script): Script => sh`slipway_installed=$(${embed(installed)})`;

/** Has what is installed of packages in the shell variable `status`: as it was asked for ahead, or asked for now. */
export const installedStatus = (installed: Script): Script =>
  sh`if ${embed(IS_ASKED_AHEAD)}; then status=$slipway_installed; else status=$(${embed(installed)}); fi`;

/** Unless all packages are there as wanted, by `is_installed`, they are to be looked up. */
export const namesOf = (packages: readonly PackageQuestion[], set: { readonly script: Script }): Script => {
  const names = packages.map(({ name }) => name);
  return lines(
    sh`${set}=`,
    ...packages.map(
      ({ name, version }) => sh`is_installed ${name} ${wantedVersion(version)} || ${set}=wanted`,
    ),
    sh`[ -z "$${set}" ] || names="$names "${names.join(' ')}`,
  );
};
