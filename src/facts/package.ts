import { type Fact, type Family, fact } from '#core/fact.ts';
import { type Script, embed, lines, quote, sh } from '#core/shell.ts';
import type {
  DistributionFamily,
  PackageAnswer,
  PackageQuestion,
} from '#distributions/distribution-family.ts';
import { FAMILIES } from '#distributions/families.ts';
import { isVersion } from '#distributions/package-version.ts';

/** A package that is wanted, at an upstream version or at any. */
export const packageState = (name: string, version: string | null): Fact<PackageAnswer> =>
  fact(family, { name, version });

/** The version that would be installed now, or that is: null when the index knows none. */
export function resolveVersion({ installed, offered }: PackageAnswer, wanted: string | null): string | null {
  if (installed !== null && isVersion(installed, wanted)) return installed;
  return offered?.find((version) => isVersion(version, wanted)) ?? null;
}

const NOT_THERE: PackageAnswer = { installed: null, isHeld: false, offered: [] };

/** Every family of distributions has its own program for this; a host runs that of the family it belongs to. */
const family: Family<PackageQuestion, PackageAnswer> = {
  name: 'package',
  script: (questions) =>
    lines(
      sh`. /etc/os-release`,
      sh`case " $ID $ID_LIKE " in`,
      ...FAMILIES.map((one) => branch(one, ownQuestions(one, questions))),
      sh`esac`,
    ),
  parse: (output, questions) => {
    const start = output.indexOf('\n');
    const answering = FAMILIES.find(({ name }) => name === output.slice(0, start));
    if (answering === undefined) return questions.map(family.bare);
    const own = ownQuestions(answering, questions);
    const answers = own.length === 0 ? [] : answering.packageFacts.parse(output.slice(start + 1), own);
    return questions.map((question) => answers[own.indexOf(question)] ?? NOT_THERE);
  },
  bare: () => NOT_THERE,
};

const ownQuestions = (
  { isPackageName }: DistributionFamily,
  questions: readonly PackageQuestion[],
): readonly PackageQuestion[] => questions.filter(({ name }) => isPackageName(name));

/** The part of the program that runs on hosts of the family: the same hosts that `distributionFamilyOf` finds. */
function branch({ name, ids, packageFacts }: DistributionFamily, own: readonly PackageQuestion[]): Script {
  const patterns = ids.map((id) => `*${quote(` ${id} `)}*`).join('|') as Script;
  return lines(
    sh`${embed(patterns)}) echo ${name}`,
    ...(own.length === 0 ? [] : [packageFacts.script(own)]),
    sh`;;`,
  );
}
