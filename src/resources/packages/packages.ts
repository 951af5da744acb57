import {
  type Difference,
  type Outcome,
  type Resource,
  changeOr,
  deferred,
  differs,
  resource,
} from '#core/resource.ts';
import { hasUnknown, unknown } from '#core/unknown.ts';
import type { DistributionFamily, PackageAnswer } from '#distributions/distribution-family.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';

import {
  type AllowedEffects,
  type EffectsAnswers,
  effectsFacts,
  effectsOn,
  effectsWithNodePackages,
  NO_EFFECTS,
} from './install-effects.ts';
import {
  type FoundPackage,
  type PackageAnswers,
  type WantedPackage,
  nodePackageFacts,
  nodePackagesOn,
  packageFacts,
  packagesOn,
} from './wanted-package.ts';

export interface PackagesDefinition {
  /** `kubernetes`. */
  readonly name: string;
  readonly packages: readonly WantedPackage[];
  /** Kept from the distribution's own upgrades; absent: left as it is. */
  readonly isHeld?: boolean;
  /** The phase whose package index offers them. */
  readonly phase: string;
  /** Whether what nodes need beside comes along, on releases where these packages do not bring it; it is never held. */
  readonly hasNodePackages?: boolean;
  /**
   * Units that the same phase starts behind them, once their configuration is there. Where packages come that were not there
   * before, their scripts leave these alone; where one was, its scripts restart, and may have stopped, what runs.
   */
  readonly startsLater?: readonly string[];
}

/** Packages, at the versions wanted, and held there where that is wanted. */
export function packages(definition: PackagesDefinition): Resource {
  const effects = {
    ...effectsFacts(definition.packages),
    ...(definition.hasNodePackages === true && effectsWithNodePackages(definition.packages)),
  };
  return resource({
    address: `packages:${definition.name}`,
    facts: {
      ...packageFacts(definition.packages),
      ...(definition.hasNodePackages === true && nodePackageFacts()),
      ...effects,
    },
    further: {
      names: Object.keys(effects),
      isNeeded: (answers) => isKnownInstall(definition, answers),
    },
    lane: PACKAGES_LANE,
    supplies: { packages: suppliesOf(definition) },
    // The package manager takes as long to look at all its lists for one package as for twenty.
    company: 'packages',
    diff: (answers, { host }) => diffPackages(definition, answers, host),
  });
}

const suppliesOf = ({ packages: own, isHeld, hasNodePackages }: PackagesDefinition) => [
  ...own,
  ...(hasNodePackages === true ? [{ beside: 'nodes', version: null } as const] : []),
  ...(isHeld === true ? [{ beside: 'holding', version: null } as const] : []),
];

/** As an index will offer it: of the wanted version, in a build that only the index knows. */
const onOffer = (missing: readonly FoundPackage[]): Readonly<Record<`package ${string}`, PackageAnswer>> =>
  Object.fromEntries(
    missing.map(({ name, version, installed, isHeld }) => [
      `package ${name}`,
      { installed, isHeld, offered: [anyBuildOf(name, version)] },
    ]),
  );

const INDEXED = unknown('the index update');

/** An epoch before the version is not known either: `5:28.5.1-1~debian.12~bookworm` of docker-ce. */
const anyBuildOf = (name: string, version: string | null): string =>
  version === null || name.startsWith('docker-ce') ? INDEXED : `${version}${INDEXED}`;

/** Before there is an index, nobody knows which packages that are there have to become newer along with them. */
const effectsOf = (
  answers: EffectsAnswers,
  family: DistributionFamily,
  toInstall: readonly { readonly name: string; readonly version: string }[],
  hasNodePackages: boolean,
) =>
  toInstall.some(({ version }) => hasUnknown(version))
    ? UNKNOWN_OTHERS
    : effectsOn(answers, family, toInstall, hasNodePackages);

const UNKNOWN_OTHERS: AllowedEffects = {
  others: [{ name: INDEXED, from: INDEXED, to: INDEXED }],
};

const OTHERS: readonly Difference[] = [{ what: 'newer packages that they need', from: null, to: INDEXED }];

const versionOf = ({ name, from, to }: AllowedEffects['others'][number]): Difference => ({
  what: `${name} version`,
  from,
  to,
});

/** The packages on the host's distribution, and those that come along there. */
function lookedAt(
  { packages: wanted, hasNodePackages = false }: PackagesDefinition,
  answers: PackageAnswers,
) {
  const beside = hasNodePackages ? nodePackagesOn(answers.os) : [];
  return { beside, looked: packagesOn(answers, beside.length === 0 ? wanted : [...wanted, ...beside]) };
}

/** Whether something is to be installed whose versions are all known: then its effects are foretold. */
function isKnownInstall(definition: PackagesDefinition, answers: PackageAnswers): boolean {
  const { looked } = lookedAt(definition, answers);
  if ('answer' in looked || looked.found.some(({ to }) => to === null)) return false;
  return looked.found.some(({ to, installed }) => to !== installed);
}

function diffPackages(
  definition: PackagesDefinition,
  answers: PackageAnswers & EffectsAnswers,
  host: string,
): Outcome {
  const { isHeld, phase, startsLater = [] } = definition;
  const { beside, looked } = lookedAt(definition, answers);
  if ('answer' in looked) return looked;
  const { family, found } = looked;
  const missing = found.filter(({ to }) => to === null);
  if (missing.length > 0) {
    return deferred(
      { host, phase },
      `the exact versions of ${missing.map(({ name }) => name).join(', ')}, from the package index`,
      diffPackages(definition, { ...answers, ...onOffer(missing) }, host),
    );
  }
  const toInstall = found.flatMap(({ name, installed, to }) =>
    to === null || to === installed ? [] : [{ name, version: to, installed }],
  );
  const effects =
    toInstall.length === 0 ? NO_EFFECTS : effectsOf(answers, family, toInstall, beside.length > 0);
  if ('answer' in effects) return effects;
  const isBeside = (name: string): boolean => beside.some((one) => 'name' in one && one.name === name);
  const isToBeHeld = (name: string): boolean | undefined => (isBeside(name) ? undefined : isHeld);
  const isWrongHold = (one: FoundPackage): boolean => one.isHeld !== (isToBeHeld(one.name) ?? one.isHeld);
  const toMark = found.filter((one) => isWrongHold(one) && one.installed === one.to).map(({ name }) => name);
  const isDowngrade = toInstall.some(
    ({ installed, version }) => installed !== null && family.compareVersions(version, installed) < 0,
  );
  return changeOr(
    found.map(({ name, installed }) => `${name} ${installed}`).join(', '),
    found
      .flatMap(({ name, installed, to, isHeld: isHeldNow }): readonly Difference[] => [
        ...differs(`${name} version`, installed, to),
        ...(installed === null && isToBeHeld(name) !== true
          ? []
          : differs(`${name} held`, isHeldNow, isToBeHeld(name) ?? isHeldNow)),
      ])
      .concat(effects === UNKNOWN_OTHERS ? OTHERS : effects.others.map(versionOf)),
    [
      // What the others need comes first.
      ...[true, false].flatMap((isFirst) => {
        const those = toInstall.filter(({ name }) => isBeside(name) === isFirst);
        return those.length === 0
          ? []
          : [
              family.install(
                those.map(({ name, version }) => ({ name, version })),
                {
                  isHeld: !isFirst && isHeld === true,
                  isDowngrade,
                  startsLater: those.every(({ installed }) => installed === null) ? startsLater : [],
                  others: [...effects.others, ...(beside.length === 0 ? [] : toInstall)].map(
                    ({ name }) => name,
                  ),
                },
              ),
            ];
      }),
      ...(toMark.length === 0 ? [] : [isHeld ? family.hold(toMark) : family.unhold(toMark)]),
    ],
  );
}
