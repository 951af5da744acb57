import { rememberLast } from '#core/remember-last.ts';
import { type Resource, changeOr, differs, noted, resource } from '#core/resource.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';

import {
  nodePackageFacts,
  nodePackagesOn,
  type WantedPackage,
  packageFacts,
  packagesOf,
  packagesOn,
} from './wanted-package.ts';

export interface PackageIndexDefinition {
  /** Tells the indexes of one host apart: `containerd`. */
  readonly name: string;
  readonly packages: readonly WantedPackage[];
  /** Whether it is to offer what nodes need beside as well. */
  readonly hasNodePackages?: boolean;
}

/** The host's index of package repositories, new enough to offer the packages that are not there yet. */
export const packageIndex = ({
  name,
  packages,
  hasNodePackages = false,
}: PackageIndexDefinition): Resource => {
  const wantedOn = rememberLast((beside: readonly WantedPackage[]) =>
    beside.length === 0 ? packages : [...packages, ...beside],
  );
  const refresh = rememberLast((family: DistributionFamily, wanted: readonly WantedPackage[]) =>
    family.refreshIndex(packagesOf(family, wanted)),
  );
  return resource({
    address: `package-index:${name}`,
    facts: { ...packageFacts(packages), ...(hasNodePackages && nodePackageFacts()) },
    lane: PACKAGES_LANE,
    diff: (answers) => {
      const wanted = wantedOn(hasNodePackages ? nodePackagesOn(answers.os) : []);
      const looked = packagesOn(answers, wanted);
      if ('answer' in looked) return looked;
      const { family, found } = looked;
      const missing = found.filter(({ to }) => to === null);
      const { problem } = missing.find((one) => one.problem !== undefined) ?? {};
      return noted(
        changeOr(
          'the index offers what is to be installed',
          missing.flatMap(({ name: one, offered, version }) =>
            differs(`${one} on offer`, listOf(offered), version ?? 'any version'),
          ),
          () => [refresh(family, wanted)],
        ),
        problem === undefined ? [] : [`the package manager cannot do anything as it is: ${problem}`],
      );
    },
  });
};

const listOf = (versions: readonly string[] | null): string | null =>
  versions === null || versions.length === 0 ? null : versions.join(', ');
