import type { PackageRepository } from '#core/cluster.ts';

interface WrittenRepository {
  readonly url?: string;
  readonly keyUrl?: string;
  readonly fingerprint?: string;
}

/** A repository of which some is written, and the rest known; a mirror has its key where the original has it. */
export function packageRepository(
  { url: written, keyUrl, fingerprint }: WrittenRepository = {},
  known: PackageRepository,
  keyUrlBelow: (url: string) => string,
): PackageRepository {
  const url = written?.replace(/\/+$/, '') ?? known.url;
  return {
    ...known,
    url,
    keyUrl: keyUrl ?? keyUrlBelow(url),
    fingerprint: fingerprint?.replaceAll(' ', '').toUpperCase() ?? known.fingerprint,
  };
}
