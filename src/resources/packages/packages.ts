import {
  type Difference,
  type Outcome,
  type Resource,
  changeOr,
  deferred,
  differs,
  resource,
} from '#core/resource.ts';
import { distributionOf } from '#distributions/supported.ts';
import { os } from '#facts/os.ts';
import { resolveVersion } from '#facts/package.ts';

import { unsupported } from './unsupported.ts';
import { type PackageAnswers, type WantedPackage, packageFacts, packageOf } from './wanted-package.ts';

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
    facts: packageFacts({ os: os() }, definition.packages),
    exclusive: 'apt',
    diff: (answers, { host }) => diffPackages(definition, answers, host),
  });

function diffPackages(
  { packages: wanted, isHeld, phase }: PackagesDefinition,
  answers: PackageAnswers,
  host: string,
): Outcome {
  const distribution = distributionOf(answers.os);
  if (distribution === undefined) return unsupported(answers.os);
  const found = wanted.map((one) => {
    const answer = packageOf(answers, one);
    return { ...one, ...answer, to: resolveVersion(answer, one.version) };
  });
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
  const isWrongHold = (one: { readonly isHeld: boolean }): boolean => one.isHeld !== isHeld;
  const toMark = found.filter((one) => isWrongHold(one) && one.installed === one.to).map(({ name }) => name);
  const isDowngrade = toInstall.some(
    ({ installed, version }) => installed !== null && isOlder(version, installed),
  );
  return changeOr(
    found.map(({ name, installed }) => `${name} ${installed}`).join(', '),
    found.flatMap(({ name, installed, to, isHeld: isHeldNow }): readonly Difference[] => [
      ...differs(`${name} version`, installed, to),
      ...(installed === null && !isHeld ? [] : differs(`${name} held`, isHeldNow, isHeld)),
    ]),
    [
      ...(toInstall.length === 0
        ? []
        : [
            distribution.install(
              toInstall.map(({ name, version }) => ({ name, version })),
              { isHeld, isDowngrade },
            ),
          ]),
      ...(toMark.length === 0 ? [] : [isHeld ? distribution.hold(toMark) : distribution.unhold(toMark)]),
    ],
  );
}

/** Enough of dpkg's order to tell a downgrade: numbers by value, the rest by code unit. */
function isOlder(version: string, than: string): boolean {
  const order = new Intl.Collator('en', { numeric: true });
  return order.compare(version, than) < 0;
}
