import { rememberLast } from '#core/remember-last.ts';
import { type Resource, changeOr, differs, noted, resource } from '#core/resource.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';

import { type WantedPackage, packageFacts, packagesOf, packagesOn } from './wanted-package.ts';

export interface PackageIndexDefinition {
  /** Tells the indexes of one host apart: `containerd`. */
  readonly name: string;
  readonly packages: readonly WantedPackage[];
}

/** The host's index of package repositories, new enough to offer the packages that are not there yet. */
export const packageIndex = ({ name, packages }: PackageIndexDefinition): Resource => {
  const refresh = rememberLast((family: DistributionFamily) =>
    family.refreshIndex(packagesOf(family, packages)),
  );
  return resource({
    address: `package-index:${name}`,
    facts: packageFacts(packages),
    lane: PACKAGES_LANE,
    diff: (answers) => {
      const looked = packagesOn(answers, packages);
      if ('answer' in looked) return looked;
      const { family, found } = looked;
      const missing = found.filter(({ to }) => to === null);
      const { problem } = missing.find((one) => one.problem !== undefined) ?? {};
      return noted(
        changeOr(
          'the index offers what is to be installed',
          missing.flatMap(({ name: wanted, offered, version }) =>
            differs(`${wanted} on offer`, listOf(offered), version ?? 'any version'),
          ),
          () => [refresh(family)],
        ),
        problem === undefined ? [] : [`the package manager cannot do anything as it is: ${problem}`],
      );
    },
  });
};

const listOf = (versions: readonly string[] | null): string | null =>
  versions === null || versions.length === 0 ? null : versions.join(', ');
