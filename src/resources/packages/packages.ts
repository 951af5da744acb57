import {
  type Difference,
  type Outcome,
  type Resource,
  changeOr,
  deferred,
  differs,
  resource,
} from '#core/resource.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';

import { type EffectsAnswers, effectsFacts, effectsOn, NO_EFFECTS } from './install-effects.ts';
import { type PackageAnswers, type WantedPackage, packageFacts, packagesOn } from './wanted-package.ts';

export interface PackagesDefinition {
  /** `kubernetes`. */
  readonly name: string;
  readonly packages: readonly WantedPackage[];
  /** Kept from the distribution's own upgrades. */
  readonly isHeld: boolean;
  /** The phase whose package index offers them. */
  readonly phase: string;
}

/** Packages, at the versions wanted, and held there where that is wanted. */
export const packages = (definition: PackagesDefinition): Resource =>
  resource({
    address: `packages:${definition.name}`,
    facts: { ...packageFacts(definition.packages), ...effectsFacts(definition.packages) },
    lane: PACKAGES_LANE,
    diff: (answers, { host }) => diffPackages(definition, answers, host),
  });

function diffPackages(
  { packages: wanted, isHeld, phase }: PackagesDefinition,
  answers: PackageAnswers & EffectsAnswers,
  host: string,
): Outcome {
  const looked = packagesOn(answers, wanted);
  if ('answer' in looked) return looked;
  const { family, found } = looked;
  const unknown = found.filter(({ to }) => to === null);
  if (unknown.length > 0) {
    return deferred(
      { host, phase },
      `the exact versions of ${unknown.map(({ name }) => name).join(', ')}, from the package index`,
    );
  }
  const toInstall = found.flatMap(({ name, installed, to }) =>
    to === null || to === installed ? [] : [{ name, version: to, installed }],
  );
  const effects = toInstall.length === 0 ? NO_EFFECTS : effectsOn(answers, family, toInstall);
  if ('answer' in effects) return effects;
  const isWrongHold = (one: { readonly isHeld: boolean }): boolean => one.isHeld !== isHeld;
  const toMark = found.filter((one) => isWrongHold(one) && one.installed === one.to).map(({ name }) => name);
  const isDowngrade = toInstall.some(
    ({ installed, version }) => installed !== null && family.compareVersions(version, installed) < 0,
  );
  return changeOr(
    found.map(({ name, installed }) => `${name} ${installed}`).join(', '),
    found
      .flatMap(({ name, installed, to, isHeld: isHeldNow }): readonly Difference[] => [
        ...differs(`${name} version`, installed, to),
        ...(installed === null && !isHeld ? [] : differs(`${name} held`, isHeldNow, isHeld)),
      ])
      .concat(effects.others.map(({ name, from, to }) => ({ what: `${name} version`, from, to }))),
    [
      ...(toInstall.length === 0
        ? []
        : [
            family.install(
              toInstall.map(({ name, version }) => ({ name, version })),
              { isHeld, isDowngrade, others: effects.others.map(({ name }) => name) },
            ),
          ]),
      ...(toMark.length === 0 ? [] : [isHeld ? family.hold(toMark) : family.unhold(toMark)]),
    ],
  );
}
