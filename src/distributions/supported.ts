import type { DistributionFamily, FreshMachine, OsRelease, RefusedReleases } from './distribution-family.ts';
import { FAMILIES } from './families.ts';

/** The family a host belongs to; undefined when there is no support for it. */
export const distributionFamilyOf = ({
  id,
  idLike,
}: Pick<OsRelease, 'id' | 'idLike'>): DistributionFamily | undefined =>
  FAMILIES.find(({ ids }) => ids.includes(id) || idLike.some((one) => ids.includes(one)));

/** Whether a machine runs this release: `rocky 9` stands for 9.6 as well. */
export const isRelease = (release: string, { id, versionId }: Pick<OsRelease, 'id' | 'versionId'>): boolean =>
  `${id} ${versionId}.`.startsWith(`${release}.`);

/** Whether this very release is supported, and not just another one of its family. */
export const isSupported = (os: OsRelease): boolean =>
  distributionFamilyOf(os)?.releases.some((release) => isRelease(release, os)) === true;

/** Why a release is too old for a node; undefined where nothing is known against it. */
export const tooOld = (os: OsRelease): string | undefined =>
  distributionFamilyOf(os)?.refused.find(
    ({ ids, before }) => ids.includes(os.id) && Number.parseFloat(os.versionId) < before,
  )?.why;

export const refusedReleases = (): readonly RefusedReleases[] => FAMILIES.flatMap(({ refused }) => refused);

/** A machine that was just installed with a supported release. */
export function freshMachineOf(release: string): FreshMachine {
  const family = FAMILIES.find(({ releases }) => releases.includes(release));
  if (family === undefined) throw new TypeError(`${release} is not supported`);
  const [id = '', versionId = ''] = release.split(' ');
  const codename = family.codenames?.[release] ?? '';
  return { ...family.freshMachine, id, idLike: [], versionId, codename, prettyName: release };
}

export const supportedReleases = (): readonly string[] => FAMILIES.flatMap(({ releases }) => releases);

/** Whether the file behind a URL is a package of some family, rather than an archive or a program. */
export const isPackageFile = (url: string): boolean =>
  FAMILIES.some(({ packageFile }) => url.endsWith(packageFile.extension));
