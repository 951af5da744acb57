import type { Asking, Family, Queue } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { embed, lines, quote, type Script, sh } from '#core/shell.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { asksAhead } from '#distributions/effects-script.ts';
import { FAMILIES } from '#distributions/families.ts';

import { UNQUOTED } from './unquoted.ts';

export interface PerDistribution<Question extends Json, Answer extends Json> {
  readonly name: string;
  /** How hosts of a family are asked. */
  readonly asks: (family: DistributionFamily) => Asking<Question, Answer>;
  /** Whether a question is one for hosts of the family. */
  readonly isFor: (question: Question, family: DistributionFamily) => boolean;
  /** See `Family`: what package managers take for a question where the machine is slow. */
  readonly patienceMs?: number;
  readonly queue?: Queue;
  /** The packages that a question is about, of which its queue may ask ahead what is installed: see `installedAhead`. */
  readonly packagesOf?: (question: Question) => readonly string[];
  /** The answer of a host that is not asked, and of a freshly installed one. */
  readonly unasked: Answer;
}

/** What stands behind the name, as it is, without the line end of DOS and without quotes. */
const VALUE = '${row#*=}' as Script;
const UNIX = '${value%[\r]}' as Script;

/** Reads ID and ID_LIKE once for all that ask, and runs nothing: whatever the file is, what is asked of the host comes back. */
const RELEASE = sh`[ -n "$slipway_release" ] || { release_id=; release_like=; slipway_release=read
[ ! -f /etc/os-release ] || while read -r row || [ -n "$row" ]; do
case $row in ID=*|ID_LIKE=*) ;; *) continue;; esac
value=${embed(VALUE)}; value=${embed(UNIX)}; ${embed(UNQUOTED)}
case $row in ID=*) release_id=$value;; *) release_like=$value;; esac
done </etc/os-release; }`;

/** Runs what is for hosts of the family that this one is of. */
const ofFamily = (script: (one: DistributionFamily) => Script): Script =>
  lines(
    RELEASE,
    sh`case " $release_id $release_like " in`,
    ...FAMILIES.map(
      (
        one,
      ) => sh`${embed(one.ids.map((id) => `*${quote(` ${id} `)}*`).join('|') as Script)}) ${embed(script(one))}
;;`,
    ),
    sh`esac`,
  );

/** Asks what is installed of packages, each with the name of its distribution family before it: `debian curl`. */
export const installedAhead = (packages: readonly string[]): Script =>
  ofFamily(({ name, packageFacts }) => {
    const own = packages.flatMap((one) => (one.startsWith(`${name} `) ? [one.slice(name.length + 1)] : []));
    return own.length === 0 || packageFacts.installed === undefined
      ? sh`:`
      : asksAhead(packageFacts.installed(own));
  });

/** Questions for which every family of distributions has its own program; a host runs that of the one it is of. */
export function perDistribution<Question extends Json, Answer extends Json>({
  name,
  asks,
  isFor,
  unasked,
  patienceMs,
  queue,
  packagesOf,
}: PerDistribution<Question, Answer>): Family<Question, Answer> {
  const own = (one: DistributionFamily, questions: readonly Question[]): readonly Question[] =>
    questions.filter((question) => isFor(question, one));
  /** Taken by the same hosts that `distributionFamilyOf` finds. */
  const branch = (one: DistributionFamily, questions: readonly Question[]): Script =>
    lines(sh`echo ${one.name}`, ...(questions.length === 0 ? [] : [asks(one).script(questions)]));
  return {
    name,
    ...(patienceMs !== undefined && { patienceMs }),
    ...(queue !== undefined && { queue }),
    ...(packagesOf !== undefined && {
      wants: (questions: readonly Question[]) =>
        FAMILIES.flatMap((one) =>
          own(one, questions)
            .flatMap(packagesOf)
            .map((wanted) => `${one.name} ${wanted}`),
        ),
    }),
    // Each family's program is in a shell of its own, and ends it as soon as there is no more to ask.
    sharesShell: true,
    script: (questions) => ofFamily((one) => lines(sh`(`, branch(one, own(one, questions)), sh`)`)),
    parse: (output, questions) => {
      const start = output.indexOf('\n');
      const answering = FAMILIES.find((one) => one.name === output.slice(0, start));
      if (answering === undefined) return questions.map(() => unasked);
      const asked = own(answering, questions);
      const answers = asked.length === 0 ? [] : asks(answering).parse(output.slice(start + 1), asked);
      return questions.map((question) => answers[asked.indexOf(question)] ?? unasked);
    },
    bare: () => unasked,
  };
}
