import { type Script, embed, lines, sh } from '#core/shell.ts';
import type {
  InstallEffects,
  InstallEffectsAnswer,
  PackageQuestion,
} from '#distributions/distribution-family.ts';

import { INSTALL_OPTIONS } from './apt.ts';
import { installedPatterns, NEWLINED_STATUS, STATUS_FORMAT } from './package-facts.ts';
import { versionPattern } from './version-pattern.ts';

/**
 * apt's own simulation, which is what apt-get would do a moment later. Told that there is no cache it writes none,
 * see `LOOK_UP` in package-facts.ts; that costs half a second, where something is to be installed.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-get.8.en.html (--simulate)
 */
export const installEffects: InstallEffects = {
  script: (questions) => lines(APT, ...questions.map(({ packages }) => simulate(packages))),
  parse: (output, questions) => {
    const answers = output.split(/^end$/m);
    return questions.map((_, index) => read(answers[index] ?? ''));
  },
};

const NO_CACHE = ['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='] as const;

const APT: Script = sh`offers() { apt-cache ${NO_CACHE} madison -- "$1" 2>/dev/null | cut -d'|' -f2 | tr -d ' '; }`;

const simulate = (packages: readonly PackageQuestion[]): Script =>
  lines(
    sh`status=$(dpkg-query -W -f=${STATUS_FORMAT} -- ${packages.map(({ name }) => name)} 2>/dev/null)`,
    sh`wanted=; set --; known=1`,
    ...packages.map(
      ({ name, version }) =>
        sh`case ${embed(NEWLINED_STATUS)} in ${embed(installedPatterns(name, version))}) ;; *) wanted=1;; esac`,
    ),
    sh`if [ -z "$wanted" ]; then known=; else :`,
    ...packages.map(
      ({ name, version }) => sh`found=
for version in $(offers ${name}); do case $version in ${embed(versionPattern(version))}) found=$version; break;; esac; done
if [ -n "$found" ]; then set -- "$@" ${name}="$found"; else known=; fi`,
    ),
    sh`fi
if [ -z "$known" ]; then echo unknown
else apt-get -s ${NO_CACHE} -y -q ${INSTALL_OPTIONS} --allow-downgrades install "$@" 2>&1 | grep -E '^(Inst|Remv|E:) '; fi
echo end`,
  );

function read(answer: string): InstallEffectsAnswer {
  const rows = answer.split('\n');
  if (rows.includes('unknown')) return { state: 'unknown' };
  const errors = rows.flatMap((row) => /^E: (.*)/.exec(row)?.[1] ?? []);
  if (errors.length > 0) return { state: 'impossible', why: errors.join(' ') };
  return {
    state: 'known',
    removed: rows.flatMap((row) => {
      const [, name, version] = /^Remv (\S+) \[(\S+)\]/.exec(row) ?? [];
      return name === undefined || version === undefined ? [] : [{ name, version }];
    }),
    changed: rows.flatMap((row) => {
      const [, name, from, to] = /^Inst (\S+) \[(\S+)\] \((\S+)/.exec(row) ?? [];
      return name === undefined || from === undefined || to === undefined ? [] : [{ name, from, to }];
    }),
  };
}
