import { endedAnswers } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { EFFECTS, endsWhereAllIsThere, namesOf, setOf } from '#distributions/effects-script.ts';
import type {
  InstallEffects,
  InstallEffectsAnswer,
  PackageQuestion,
} from '#distributions/distribution-family.ts';
import { hasVersion, wantedVersion } from '#distributions/version-pattern.ts';

import { CHANGES, ENVIRONMENT, INSTALL_OPTIONS, LOCKS, OFFERS, READING } from './dnf.ts';
import { IS_INSTALLED, statusOf } from './package-facts.ts';

/**
 * What dnf says that it would do, asked without plugins: a lock on what is to be installed is taken away before. Locks of
 * others count. In dnf 5 locks are no plugin, and what they stand against is not known.
 *
 * A simulation takes a second, so all packages are simulated together, and one by one only where together they do
 * something to others.
 *
 * @see https://dnf.readthedocs.io/en/latest/command_ref.html (4.14: --assumeno)
 */
export const installEffects: InstallEffects = {
  script: (questions) =>
    lines(
      statusOf(questions.flatMap(({ packages }) => packages)),
      IS_INSTALLED,
      sh`names=; all=`,
      ...questions.map(({ packages }, index) => namesOf(packages, setOf(index))),
      endsWhereAllIsThere(questions.length),
      ENVIRONMENT,
      OFFERS,
      CHANGES,
      LOCKS,
      SHELL,
      IS_OFFERED,
      sh`offered=$(offers $names 2>/dev/null)`,
      ...questions.map(({ packages }, index) => specsOf(packages, setOf(index))),
      sh`together=; [ -z "$all" ] || together=$(simulate $all)`,
      ...questions.map((_, index) => sh`effects "$${setOf(index)}"`),
    ),
  parse: (output, questions) => endedAnswers(output, questions).map(read),
};

const SHELL: Script = sh`simulate() {
said=$(dnf ${READING} ${INSTALL_OPTIONS} --assumeno install "$@" 2>&1)
changed=$(printf '%s\n' "$said" | changes)
printf '%s\n' "$changed"
printf '%s\n' "$changed" | while read -r verb name _; do
case " $*" in *" $name-"*|*" $name "*|*" $name") continue;; esac
[ -z "$verb" ] || ! locked_names | grep -qFx -e "$name" || echo "why $name would have to $verb, and dnf versionlock keeps it as it is"
done
printf '%s\n' "$said" | sed -n -e '/^Error: *$/d' -e 's/^Error: /why /p' -e 's/^ *\(Problem *[0-9]*:.*\)/why \1/p' -e 's/^  *- /why /p'
case $said in *'filtered out by '*) echo locked;; esac
case $said in *'Error:'*) grep -nHsE '^[[:space:]]*(excludepkgs|exclude)[[:space:]]*=' /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo | sed 's/^/pin /';; esac; }
${embed(EFFECTS)}`;

/**
 * dnf itself takes the newest build of a version. Of none, where one of the packages is not offered. A version that is
 * already there is named as well, so that it stays.
 */
const specsOf = (packages: readonly PackageQuestion[], set: { readonly script: Script }): Script => {
  const specs = packages.map(({ name, version }) => (version === null ? name : `${name}-${version}`));
  return lines(
    sh`if [ -n "$${set}" ]; then ${set}=${specs.join(' ')}`,
    ...packages.map(({ name, version }) => sh`is_offered ${name} ${wantedVersion(version)} || ${set}=`),
    sh`[ -z "$${set}" ] || all="$all $${set}"; fi`,
  );
};

const IS_OFFERED = hasVersion('is_offered' as Script, 'offered' as Script, '"offer $1 "' as Script);

function read(answer: string): InstallEffectsAnswer {
  const rows = answer.split('\n');
  const whys = rows.flatMap((row) => /^why (.*)/.exec(row)?.[1] ?? []);
  if (rows.includes('unknown') || rows.includes('locked')) return { state: 'unknown' };
  if (whys.length > 0) {
    return {
      state: 'impossible',
      why: whys.join('; '),
      pins: rows.flatMap((row) => /^pin (\S+:\d+):/.exec(row)?.[1] ?? []),
    };
  }
  return {
    state: 'known',
    removed: rows.flatMap((row) => {
      const [, name, version] = /^remove (\S+) (\S+)$/.exec(row) ?? [];
      return name === undefined || version === undefined ? [] : [{ name, version }];
    }),
    changed: rows.flatMap((row) => {
      const [, name, from, to] = /^change (\S+) (\S+) (\S+)$/.exec(row) ?? [];
      return name === undefined || from === undefined || to === undefined ? [] : [{ name, from, to }];
    }),
  };
}
