import { rememberLast } from '#core/remember-last.ts';
import { type Outcome, type Resource, changeOr, differs, resource } from '#core/resource.ts';
import type { Distribution } from '#distributions/distribution.ts';
import { distributionOf } from '#distributions/supported.ts';
import { os } from '#facts/os.ts';
import { resolveVersion } from '#facts/package.ts';

import { type WantedPackage, packageFacts, packageOf } from './wanted-package.ts';
import { unsupported } from './unsupported.ts';

export interface PackageIndexDefinition {
  /** Tells the indexes of one host apart: `containerd`. */
  readonly name: string;
  readonly packages: readonly WantedPackage[];
}

/** The host's index of package repositories, new enough to offer the packages that are not there yet. */
export const packageIndex = ({ name, packages }: PackageIndexDefinition): Resource => {
  const refresh = rememberLast((distribution: Distribution) => distribution.refreshIndex(packages));
  return resource({
    address: `package-index:${name}`,
    facts: packageFacts({ os: os() }, packages),
    exclusive: 'apt',
    diff: (answers): Outcome => {
      const distribution = distributionOf(answers.os);
      if (distribution === undefined) return unsupported(answers.os);
      const missing = packages.filter(
        (wanted) => resolveVersion(packageOf(answers, wanted), wanted.version) === null,
      );
      return changeOr(
        'the index offers what is to be installed',
        missing.flatMap((wanted) =>
          differs(
            `${wanted.name} on offer`,
            offered(packageOf(answers, wanted).offered),
            wanted.version ?? 'any version',
          ),
        ),
        () => [refresh(distribution)],
      );
    },
  });
};

const offered = (versions: readonly string[] | null): string | null =>
  versions === null || versions.length === 0 ? null : versions.join(', ');
