import { changeOr, type Difference, type Resource, resource } from '#core/resource.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { packageFacts, packagesOn, type WantedPackage } from '#resources/packages/wanted-package.ts';

/** None of these packages, and no hold on one. */
export const noPackages = (name: string, unwanted: readonly WantedPackage[]): Resource =>
  resource({
    address: `no-packages:${name}`,
    facts: packageFacts(unwanted),
    lane: PACKAGES_LANE,
    diff: (answers) => {
      const looked = packagesOn(answers, unwanted);
      if ('answer' in looked) return looked;
      const { family, found } = looked;
      const held = found.filter(({ isHeld }) => isHeld).map((one) => one.name);
      const installed = found.filter((one) => one.installed !== null).map((one) => one.name);
      return changeOr(
        `none of the packages of ${name} is installed`,
        found.flatMap((one): readonly Difference[] => [
          ...(one.installed === null ? [] : [{ what: `${one.name} version`, from: one.installed, to: null }]),
          ...(one.isHeld ? [{ what: `${one.name} held`, from: true, to: false }] : []),
        ]),
        () => [
          ...(held.length > 0 ? [family.unhold(held)] : []),
          ...(installed.length > 0 ? [family.purge(installed)] : []),
        ],
      );
    },
  });
