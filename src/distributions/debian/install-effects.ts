import { endedAnswers } from '#core/fact.ts';
import { type Script, embed, lines, sh } from '#core/shell.ts';
import { EFFECTS, endsWhereAllIsThere, namesOf, setOf } from '#distributions/effects-script.ts';
import type {
  InstallEffects,
  InstallEffectsAnswer,
  PackageQuestion,
} from '#distributions/distribution-family.ts';
import { IS_VERSION, wantedVersion } from '#distributions/version-pattern.ts';

import { INSTALL_OPTIONS, READ_WOULD_DO, WOULD_DO } from './apt.ts';
import { IS_INSTALLED, READING, statusOf } from './package-facts.ts';

/**
 * apt's own word for what it would do a moment later. It takes half a second of the host's, so it is asked of all
 * together; one by one only where together they do something to others.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-get.8.en.html (--print-uris, --verbose-versions)
 */
export const installEffects: InstallEffects = {
  script: (questions) =>
    lines(
      statusOf(questions.flatMap(({ packages }) => packages.map(({ name }) => name))),
      IS_INSTALLED,
      sh`names=`,
      ...questions.map(({ packages }, index) => namesOf(packages, setOf(index))),
      endsWhereAllIsThere(questions.length),
      READING,
      SHELL,
      sh`offered=$(reading apt-cache policy -- $names 2>/dev/null) || { whole=; lists=
offered=$(reading apt-cache policy -- $names 2>/dev/null); }`,
      ...questions.map(({ packages }, index) => versionsOf(packages, setOf(index))),
      sh`together=; [ -z "$all" ] || together=$(simulate $all)
[ -z "$together" ] || printf '%s\n' "$together" | grep -qE '^(Remv|E:|Inst [^ ]+ \[)' || together=`,
      ...questions.map((_, index) => sh`effects "$${setOf(index)}"`),
    ),
  parse: (output, questions) => endedAnswers(output, questions).map(read),
};

/**
 * `offers` prints the versions of a package, the one that apt would choose first, and `first_of` has the first of them
 * that is as wanted in the shell variable `version`. `simulate` does without apt's cache where that has become too old
 * meanwhile: apt, left behind by a run that was cut off, still works there.
 */
const SHELL: Script = sh`all=
offers() { printf '%s\n' "$offered" | { is=
while read -r first second _; do case $is$first in
"$1:") is=it,;;
it,Candidate: | 'it,***') [ "$second" = '(none)' ] || echo "$second";;
it,Installed: | it,Version) ;;
it,*:) exit;;
it,*) case $second in [0-9-]*) echo "$first";; esac;;
esac; done; }; }
${embed(IS_VERSION)}
first_of() { for version in $(offers "$1"); do if is_version "$version" "$2"; then return 0; fi; done; return 1; }
simulated() { reading apt-get ${WOULD_DO} ${INSTALL_OPTIONS} --allow-downgrades install "$@" 2>&1 | ${embed(READ_WOULD_DO)}; }
simulate() {
said=$(simulated "$@")
case $said in *' /proc/self/fd/'*) whole=; lists=; said=$(simulated "$@");; esac
printf '%s\n' "$said"
case $said in *'E: '*) grep -nHsE '^Pin-Priority:[[:space:]]*-' /etc/apt/preferences /etc/apt/preferences.d/* | sed 's/^/pin /';; esac; }
${embed(EFFECTS)}`;

/** Of each package the first offered version that is as wanted; of none, where one of them is not offered. */
const versionsOf = (packages: readonly PackageQuestion[], set: { readonly script: Script }): Script =>
  lines(
    sh`if [ -n "$${set}" ]; then set --`,
    ...packages.map(
      ({ name, version }) =>
        sh`if first_of ${name} ${wantedVersion(version)}; then set -- "$@" ${name}="$version"; fi`,
    ),
    sh`if [ $# -eq ${packages.length} ]; then ${set}="$*"; all="$all $*"; else ${set}=; fi; fi`,
  );

function read(answer: string): InstallEffectsAnswer {
  const rows = answer.split('\n');
  if (rows.includes('unknown')) return { state: 'unknown' };
  const errors = rows.flatMap((row) => /^E: (.*)/.exec(row)?.[1] ?? []);
  if (errors.length > 0) {
    // apt names a package once, and aligns what else it lacks below that.
    const lacks = rows.flatMap((row) => /^ +(\S.*)$/.exec(row)?.[1] ?? []);
    return {
      state: 'impossible',
      why: [...errors, ...lacks].join(' '),
      pins: rows.flatMap((row) => /^pin (\S+:\d+):/.exec(row)?.[1] ?? []),
    };
  }
  return {
    state: 'known',
    removed: rows.flatMap((row) => {
      const [, name, version] = /^Remv (\S+) \[(\S+)\]/.exec(row) ?? [];
      return name === undefined || version === undefined ? [] : [{ name, version }];
    }),
    changed: rows.flatMap((row) => {
      const [, name, from, to] = /^Inst (\S+) \[(\S+)\] \(([^\s)]+)/.exec(row) ?? [];
      return name === undefined || from === undefined || to === undefined ? [] : [{ name, from, to }];
    }),
  };
}
