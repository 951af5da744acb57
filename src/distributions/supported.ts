import type { OsAnswer } from '#facts/os.ts';

import { debian } from './debian.ts';
import type { Distribution } from './distribution.ts';

/** In the order they are tried. */
export const DISTRIBUTIONS: readonly Distribution[] = [debian];

/** The family a host belongs to; undefined when there is no support for it. */
export const distributionOf = (os: OsAnswer): Distribution | undefined =>
  DISTRIBUTIONS.find((distribution) => distribution.isFamilyOf(os));

/** Whether this very release is supported, and not just one of its kin. */
export const isSupported = (os: OsAnswer): boolean =>
  distributionOf(os)?.releases.includes(`${os.id} ${os.versionId}`) === true;

export const supportedReleases = (): readonly string[] => DISTRIBUTIONS.flatMap(({ releases }) => releases);
