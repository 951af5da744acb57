import { type Refused, refused } from '#core/resource.ts';
import { supportedReleases } from '#distributions/supported.ts';
import type { OsAnswer } from '#facts/os.ts';

/** slipway cannot install packages on a host of this family. */
export const unsupported = ({ prettyName }: OsAnswer): Refused =>
  refused('OS', `${prettyName} is not supported`, `use one of ${supportedReleases().join(', ')}`);
