import type { ManifestSource } from '#core/manifest-source.ts';
import type { PackageRepository } from '#core/package-repository.ts';
import { type Accepted, map, required, sha256, text, url, type ValidPart } from '#core/schema.ts';
import type { Finding, Path } from '#inventory/text/problem.ts';

import { type LocalFile, localFile } from './local-file.ts';
import { localPath, type Places } from './local-path.ts';

/** The versions of programs that come in packages or release files. */
export const VERSION_PATTERN = '^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$';

/** A version is written with or without a v; inside it has none. */
export const withoutV = (version: string): string => version.replace(/^v/, '');

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
  const location = written?.replace(/\/+$/, '') ?? known.url;
  const { rpmKey, ...rest } = known;
  return {
    ...rest,
    // Of a repository with a key of its own, that is the one of all its packages.
    ...(rpmKey !== undefined && keyUrl === undefined && fingerprint === undefined && { rpmKey }),
    url: location,
    keyUrl: keyUrl ?? keyUrlBelow(location),
    fingerprint: fingerprint?.replaceAll(' ', '').toUpperCase() ?? known.fingerprint,
  };
}

/** A file of objects in place of the one slipway knows. */
export const manifestSource = (description: string, file: string) =>
  map(
    {
      url: url('Where the manifest is; either this or path.'),
      path: text('A manifest beside the inventory; either this or url.', {
        wanted: 'the path of a file',
        examples: [`manifests/${file}`],
      }),
      sha256: required(sha256('The digest the file must have.')),
    },
    description,
  );

type Written = Accepted<ReturnType<typeof manifestSource>>;

export const manifestSourceFindings = (
  { url: location, path: file }: ValidPart<Written>,
  path: Path,
): readonly Finding[] =>
  (location === undefined) !== (file === undefined)
    ? []
    : [{ path, message: 'must have either url or path' }];

export const manifestSourceFiles = (
  written: ValidPart<Written> | undefined,
  path: Path,
): readonly LocalFile[] => localFile(written?.path, [...path, 'path']);

export const buildManifestSource = (written: Written, places: Places): ManifestSource => ({
  location: written.path === undefined ? (written.url ?? '') : localPath(written.path, places),
  sha256: written.sha256.toLowerCase(),
});
