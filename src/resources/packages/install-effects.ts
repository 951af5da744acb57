import type { Fact } from '#core/fact.ts';
import { type Refused, refused } from '#core/resource.ts';
import type { DistributionFamily, InstallEffectsAnswer } from '#distributions/distribution-family.ts';
import { FAMILIES } from '#distributions/families.ts';
import { installEffects } from '#facts/package.ts';

import { nodePackagesOf, packagesOf, type WantedPackage } from './wanted-package.ts';

type EffectsKey = `effects on ${string}`;

export type EffectsFacts = { readonly [family: EffectsKey]: Fact<InstallEffectsAnswer> };

export type EffectsAnswers = { readonly [family: EffectsKey]: InstallEffectsAnswer };

/** What installing would do to others, by the families whose hosts are asked. */
export const effectsFacts = (wanted: readonly WantedPackage[]): EffectsFacts =>
  Object.fromEntries(
    FAMILIES.map((family) => [
      `effects on ${family.name}` as const,
      installEffects(family.name, packagesOf(family, wanted)),
    ]),
  );

/** The same with what nodes need beside, of the families that have names for it. */
export const effectsWithNodePackages = (wanted: readonly WantedPackage[]): EffectsFacts =>
  Object.fromEntries(
    FAMILIES.filter(({ nodePackages }) => nodePackages !== undefined).map((family) => [
      `effects on ${family.name} with node packages` as const,
      installEffects(family.name, packagesOf(family, [...wanted, ...nodePackagesOf(family)])),
    ]),
  );

export interface AllowedEffects {
  /** Packages that are not asked for, and are needed in a newer version. */
  readonly others: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

export const NO_EFFECTS: AllowedEffects = { others: [] };

/**
 * What else is to change so that packages can be installed; refused where others would be removed, or go back to an
 * older version: nobody has asked for that, and with a package go the containers that it runs.
 */
export function effectsOn(
  answers: EffectsAnswers,
  family: DistributionFamily,
  toInstall: readonly { readonly name: string }[],
  hasNodePackages = false,
): AllowedEffects | Refused {
  const names = toInstall.map(({ name }) => name);
  const effects = answers[`effects on ${family.name}${hasNodePackages ? ' with node packages' : ''}`];
  if (effects === undefined || effects.state === 'unknown') return NO_EFFECTS;
  if (effects.state === 'impossible') {
    // What is held, the package manager does not even think of removing: it names it among what it cannot resolve.
    const way = names.some(isDockers) ? '' : hintFor(effects.why.split(/[\s,:]+/));
    return refused(
      'Packages',
      `${names.join(', ')} cannot be installed: ${effects.why}`,
      effects.pins.length > 0
        ? `${way}look at what is pinned away at ${effects.pins.join(', ')}; or find out which packages stand against each other: ${family.simulation} of the same`
        : `${way}find out which packages stand against each other: ${family.simulation} of the same`,
    );
  }
  const others = effects.changed.filter(({ name }) => !names.includes(name));
  const older = others.filter(({ from, to }) => family.compareVersions(to, from) < 0);
  const lost = [
    ...effects.removed.map(({ name, version }) => `${name} ${version} would be removed`),
    ...older.map(({ name, from, to }) => `${name} would go back from ${from} to ${to}`),
  ];
  if (lost.length === 0) return { others };
  return refused(
    'PackageConflict',
    `to install ${names.join(', ')}, ${lost.join(', ')}`,
    `${hintFor(effects.removed.map(({ name }) => name))}remove what stands against it yourself, when nothing needs it any more`,
  );
}

/** Docker's packages, which people have and which bring a containerd of their own. */
const hintFor = (removed: readonly string[]): string =>
  removed.some(isDockers)
    ? "keep Docker's containerd with runtime.source: docker in the inventory, or Docker itself with runtime.type: docker; or "
    : '';

const isDockers = (name: string): boolean => name === 'containerd.io' || name.startsWith('docker-ce');
