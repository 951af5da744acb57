import { knownVersions, type ReleaseName, RELEASES, type ReleaseFiles } from '#catalog/releases.ts';
import type { Download } from '#core/runtime.ts';
import { type Accepted, defined, map, sha256, type Sound, text, url } from '#core/schema.ts';
import type { Finding, Path } from '#inventory/text/problem.ts';
import { withoutV } from '#inventory/values/version.ts';

/** The versions of programs that come in packages or release files. */
export const VERSION_PATTERN = '^v?[0-9]+(\\.[0-9]+)+([-~+.][0-9A-Za-z.~+-]+)?$';

const definition = map(
  {
    version: text({
      description: 'The version; by default the newest one slipway knows.',
      wanted: 'a version such as 2.3.4',
      pattern: VERSION_PATTERN,
    }),
    url: url({
      description: "Where the file is, with {version} and {arch} in it; by default the project's own page.",
    }),
    sha256: map(
      {
        amd64: sha256('The digest of the file for amd64.'),
        arm64: sha256('The digest of the file for arm64.'),
      },
      'The digests the files must have; needed where slipway does not know the version.',
    ),
  },
  'A release file.',
);

const download = (description: string) => defined('download', definition, description);

export const downloads = map(
  {
    containerd: download("containerd's archive."),
    runc: download('The program runc.'),
    cniPlugins: download('The archive of the CNI plugins.'),
    criDockerd: download("cri-dockerd's archive or deb package."),
  },
  'Release files other than those slipway knows: another version, or a mirror.',
);

/** What of a runtime its release files depend on. */
interface Written {
  readonly version?: string;
  readonly downloads?: Accepted<typeof downloads>;
  readonly fetch?: Download['fetch'];
}

/** Where containerd is a release file, `version` is its too. */
function versionOf(name: ReleaseName, { downloads: files, version }: Sound<Written>): string {
  const written = files?.[name]?.version ?? (name === 'containerd' ? version : undefined);
  return written === undefined ? knownVersions(name)[0] : withoutV(written);
}

/** Nothing is run that no digest pins. */
export function digestFindings(name: ReleaseName, runtime: Sound<Written>, path: Path): readonly Finding[] {
  const known: ReleaseFiles = RELEASES[name];
  const version = versionOf(name, runtime);
  const written = runtime.downloads?.[name]?.sha256;
  if (known.sha256[version] !== undefined || Object.keys(written ?? {}).length > 0) return [];
  const message = `the digests of ${name} ${version} are not known: give downloads.${name}.sha256, or a version that is`;
  return [{ path, message, wanted: knownVersions(name).join(', ') }];
}

export function buildDownload(name: ReleaseName, written: Written): Download {
  const release: ReleaseFiles = RELEASES[name];
  const version = versionOf(name, written);
  const file = written.downloads?.[name];
  const { url: location = release.url, sha256: digests = release.sha256[version] ?? {} } = file ?? {};
  return {
    version,
    files: Object.fromEntries(
      Object.entries(digests).map(([arch, digest]) => [
        arch,
        {
          url: location.replaceAll('{version}', version).replaceAll('{arch}', arch),
          sha256: digest.toLowerCase(),
        },
      ]),
    ),
    fetch: written.fetch ?? 'host',
  };
}
