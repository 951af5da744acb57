import type { PackageRepository } from '#core/package-repository.ts';

import type { DistributionFamily } from './distribution-family.ts';

/** The repository as hosts take it whose packages have this format: rpm packages may have a key of their own. */
export const ofFormat = (
  source: PackageRepository,
  format: DistributionFamily['packageFormat'],
): PackageRepository => (format === 'rpm' ? { ...source, ...source.rpmKey } : source);
