import type { DistributionFamily, OsRelease } from './distribution-family.ts';
import { FAMILIES } from './families.ts';

/** The family a host belongs to; undefined when there is no support for it. */
export const distributionFamilyOf = ({
  id,
  idLike,
}: Pick<OsRelease, 'id' | 'idLike'>): DistributionFamily | undefined =>
  FAMILIES.find(({ ids }) => ids.includes(id) || idLike.some((one) => ids.includes(one)));

/** Whether this very release is supported, and not just another one of its family; `rocky 9` stands for 9.6 as well. */
export const isSupported = (os: OsRelease): boolean =>
  distributionFamilyOf(os)?.releases.some((release) =>
    `${os.id} ${os.versionId}.`.startsWith(`${release}.`),
  ) === true;

export const supportedReleases = (): readonly string[] => FAMILIES.flatMap(({ releases }) => releases);

/** Whether the file behind a URL is a package of some family, rather than an archive or a program. */
export const isPackageFile = (url: string): boolean =>
  FAMILIES.some(({ packageFile }) => url.endsWith(packageFile.extension));
