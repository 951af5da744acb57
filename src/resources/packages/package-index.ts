import { wantedLine } from '#core/bundle.ts';
import { rememberLast } from '#core/remember-last.ts';
import { type Refused, type Resource, changeOr, differs, noted, refused, resource } from '#core/resource.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';

import { bundleOnHost } from '#facts/bundle-state.ts';

import {
  type FoundPackage,
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
    facts: {
      ...packageFacts(packages),
      ...(hasNodePackages && nodePackageFacts()),
      'its bundle': bundleOnHost(),
    },
    lane: PACKAGES_LANE,
    company: 'package-index',
    diff: (answers) => {
      const wanted = wantedOn(hasNodePackages ? nodePackagesOn(answers.os) : []);
      const looked = packagesOn(answers, wanted);
      if ('answer' in looked) return looked;
      const { family, found } = looked;
      const missing = found.filter(({ to }) => to === null);
      const { 'its bundle': bundle } = answers;
      if (missing.length > 0 && bundle !== null) return notInBundle(bundle, missing);
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

/** An index of it is as old as its bundle: there is nothing to be fetched anew. */
const notInBundle = (id: string, missing: readonly FoundPackage[]): Refused =>
  refused(
    'Bundle',
    `the bundle ${id.slice(0, 12)}, which it was set up from, lacks ${missing.map(wantedLine).join(', ')}`,
    'give a bundle of this inventory, by --bundle FILE, or have packages fetched from here on, by --no-bundle',
  );

const listOf = (versions: readonly string[] | null): string | null =>
  versions === null || versions.length === 0 ? null : versions.join(', ');
