import { type Fact, fact } from '#core/fact.ts';
import type {
  InstallEffectsAnswer,
  InstallEffectsQuestion,
  PackageAnswer,
  PackageQuestion,
} from '#distributions/distribution-family.ts';
import { hasUnknown } from '#core/unknown.ts';
import { isVersion } from '#distributions/package-version.ts';

import { perDistribution } from './per-distribution.ts';
import { PROGRAMS } from './queues.ts';

/**
 * A package that is wanted, at an upstream version or at any.
 *
 * @param of the name of the family whose hosts alone are asked; absent: all that may have a package of this name.
 */
export const packageState = (name: string, version: string | null, of?: string): Fact<PackageAnswer> =>
  fact(family, { name, version, ...(of !== undefined && { of }) });

/** The version that would be installed now, or that is: null when the index knows none. */
export function resolveVersion({ installed, offered }: PackageAnswer, wanted: string | null): string | null {
  if (installed !== null && isVersion(installed, wanted)) return installed;
  return offered?.find((version) => hasUnknown(version) || isVersion(version, wanted)) ?? null;
}

const NOT_THERE: PackageAnswer = { installed: null, isHeld: false, offered: [] };

const family = perDistribution<PackageQuestion, PackageAnswer>({
  name: 'package',
  asks: ({ packageFacts }) => packageFacts,
  isFor: ({ name, of }, asked) => (of === undefined || of === asked.name) && asked.isPackageName(name),
  patienceMs: 2000,
  queue: PROGRAMS,
  packagesOf: ({ name }) => [name],
  unasked: NOT_THERE,
});

/**
 * What it would do to others, were packages of a family installed together; not known where all are there as wanted.
 *
 * @param of the name of the family, whose hosts alone are asked.
 */
export const installEffects = (
  of: string,
  packages: readonly PackageQuestion[],
): Fact<InstallEffectsAnswer> => fact(effectsFamily, { of, packages });

const effectsFamily = perDistribution<EffectsQuestion, InstallEffectsAnswer>({
  name: 'install-effects',
  asks: ({ installEffects: effects }) => effects,
  isFor: ({ of }, { name }) => of === name,
  patienceMs: 10_000,
  queue: PROGRAMS,
  packagesOf: ({ packages }) => packages.map(({ name }) => name),
  unasked: { state: 'unknown' },
});

type EffectsQuestion = InstallEffectsQuestion & { readonly of: string };
