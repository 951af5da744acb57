import { type Refused, refused } from '#core/resource.ts';
import { supportedReleases } from '#distributions/supported.ts';
import type { OsAnswer } from '#facts/os.ts';

/** A host of a family that nothing here knows how to install packages on. */
export const unsupported = ({ prettyName }: OsAnswer): Refused =>
  refused('OS', `${prettyName} is not supported`, `use one of ${supportedReleases().join(', ')}`);
