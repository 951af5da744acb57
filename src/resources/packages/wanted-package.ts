import type { Fact } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import { type Refused, refused } from '#core/resource.ts';
import type {
  DistributionFamily,
  PackageAnswer,
  PackageQuestion,
  Software,
} from '#distributions/distribution-family.ts';
import { FAMILIES } from '#distributions/families.ts';
import { distributionFamilyOf } from '#distributions/supported.ts';
import { type OsAnswer, os } from '#facts/os.ts';
import { packageState, resolveVersion } from '#facts/package.ts';

import { unsupported } from './unsupported.ts';

/** A package by its name, or software that each family of distributions has its own packages of. */
export type WantedPackage = ({ readonly name: string } | { readonly software: Software }) & {
  /** `1.34.9` is met by `1.34.9-1.1`; null: any will do. */
  readonly version: string | null;
};

type PackageKey = `package ${string}`;

export type PackageFacts = { readonly os: Fact<OsAnswer> } & {
  readonly [name: PackageKey]: Fact<PackageAnswer>;
};

export type PackageAnswers = { readonly os: OsAnswer } & { readonly [name: PackageKey]: PackageAnswer };

/** A question for each package, by the names of all families: which one a host belongs to is asked along with it. */
export const packageFacts = (wanted: readonly WantedPackage[]): PackageFacts => ({
  os: os(),
  ...Object.fromEntries(
    FAMILIES.flatMap((family) => packagesOf(family, wanted)).map(({ name, version }) => [
      `package ${name}` as const,
      packageState(name, version),
    ]),
  ),
});

/** The same for what nodes need beside the packages of Kubernetes, of the families that have names for it. */
export const nodePackageFacts = (): { readonly [name: PackageKey]: Fact<PackageAnswer> } =>
  Object.fromEntries(
    FAMILIES.flatMap(({ name: of, nodePackages }) =>
      (nodePackages?.names ?? []).map((name) => [`package ${name}` as const, packageState(name, null, of)]),
    ),
  );

/** What nodes need beside on a host, by the names it has there; none where the packages of Kubernetes bring it. */
export function nodePackagesOn(machine: OsAnswer): readonly WantedPackage[] {
  const family = distributionFamilyOf(machine);
  return family?.nodePackages?.isFor(machine) === true ? nodePackagesOf(family) : NO_PACKAGES;
}

/** Of a family, on releases that have them. */
export const nodePackagesOf = ({ nodePackages }: DistributionFamily): readonly WantedPackage[] =>
  nodePackages === undefined ? NO_PACKAGES : anyOf(nodePackages.names);

const NO_PACKAGES: readonly WantedPackage[] = [];

const anyOf = rememberLast((names: readonly string[]): readonly WantedPackage[] =>
  names.map((name) => ({ name, version: null })),
);

/** What a host's family knows of the packages that are wanted there. */
export interface FoundPackages {
  readonly family: DistributionFamily;
  readonly found: readonly FoundPackage[];
}

export interface FoundPackage extends PackageQuestion, PackageAnswer {
  /** The version that is to be there; null while no index is known to offer one. */
  readonly to: string | null;
}

/** The wanted packages by the names they have on a host; refused where its family has none. */
export function packagesOn(
  answers: PackageAnswers,
  wanted: readonly WantedPackage[],
): FoundPackages | Refused {
  const family = distributionFamilyOf(answers.os);
  if (family === undefined) return unsupported(answers.os);
  const { missing, named } = namesIn(family, wanted);
  if (missing !== undefined && 'software' in missing) return withoutPackage(missing.software, answers.os);
  for (const one of wanted) {
    const instead = 'software' in one ? family.lacks?.(answers.os, one.software) : undefined;
    if (instead !== undefined && 'software' in one) return withoutPackage(one.software, answers.os, instead);
  }
  const found = named.map(({ name, version, key }): FoundPackage => {
    const answer = answers[key];
    if (answer === undefined) throw new TypeError(`${name} was not asked about`);
    return { ...answer, name, version, to: resolveVersion(answer, version) };
  });
  return { family, found };
}

/** A family's packages of what is wanted, each once; hosts of a kind want the same. */
export const packagesOf = rememberLast(
  (family: DistributionFamily, wanted: readonly WantedPackage[]): readonly PackageQuestion[] => [
    ...new Map(wanted.flatMap((one) => namedBy(family, one)).map((one) => [one.name, one])).values(),
  ],
);

/** The same with the names of their questions, and what the family has no package of. */
const namesIn = rememberLast((family: DistributionFamily, wanted: readonly WantedPackage[]) => ({
  named: packagesOf(family, wanted).map((one) => ({ ...one, key: `package ${one.name}` as const })),
  missing: wanted.find((one) => namedBy(family, one).length === 0),
}));

const namedBy = ({ software }: DistributionFamily, wanted: WantedPackage): readonly PackageQuestion[] =>
  'name' in wanted ? [wanted] : software[wanted.software].map((name) => ({ name, version: wanted.version }));

const withoutPackage = (
  software: Software,
  { prettyName }: OsAnswer,
  instead = 'choose another source for it in the inventory, or another distribution for this host',
): Refused => refused('Packages', `${prettyName} has no package of ${software}`, instead);
