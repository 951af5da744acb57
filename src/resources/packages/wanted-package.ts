import type { Fact } from '#core/fact.ts';
import type { OsAnswer } from '#facts/os.ts';
import { type PackageAnswer, packageState } from '#facts/package.ts';

/** A package by its name, and by its upstream version where that matters. */
export interface WantedPackage {
  readonly name: string;
  /** `1.34.9` is met by `1.34.9-1.1`; null: any will do. */
  readonly version: string | null;
}

type PackageKey = `package ${string}`;

export type PackageFacts = { readonly os: Fact<OsAnswer> } & {
  readonly [name: PackageKey]: Fact<PackageAnswer>;
};

export type PackageAnswers = { readonly os: OsAnswer } & { readonly [name: PackageKey]: PackageAnswer };

/** Adds a question for each package. */
export const packageFacts = (
  base: { readonly os: Fact<OsAnswer> },
  packages: readonly WantedPackage[],
): PackageFacts => ({
  ...base,
  ...Object.fromEntries(
    packages.map(({ name, version }) => [`package ${name}` as const, packageState(name, version)]),
  ),
});

export function packageOf(answers: PackageAnswers, { name }: WantedPackage): PackageAnswer {
  const answer = answers[`package ${name}`];
  if (answer === undefined) throw new TypeError(`${name} was not asked about`);
  return answer;
}
