import { CALICO_RELEASES, calicoManifest } from '#catalog/calico.ts';
import type { ManifestSource } from '#core/manifest-source.ts';
import type { CalicoInstall } from '#core/network.ts';
import { type Accepted, map, oneOf, text, type ValidPart } from '#core/schema.ts';
import { type Finding, meaningless, type Path, quoteValue } from '#inventory/text/problem.ts';
import type { LocalFile } from '#inventory/values/local-file.ts';
import type { Places } from '#inventory/values/local-path.ts';
import {
  buildManifestSource,
  manifestSource,
  manifestSourceFiles,
  manifestSourceFindings,
  withoutV,
} from '#inventory/values/release.ts';

const defaults = { version: CALICO_RELEASES[0].version, install: 'manifest' } as const;

/** The keys of `network` that say how Calico is installed. */
export const installFields = {
  version: text('The version of the plugin; one that slipway does not know needs a manifest.', {
    wanted: 'a version such as 3.32.1',
    pattern: '^v?[0-9]+\\.[0-9]+\\.[0-9]+$',
    default: defaults.version,
    examples: ['3.32.1', '3.31.7'],
  }),
  install: oneOf(
    ['manifest', 'operator'],
    'How Calico is installed: by its one manifest, or by the Tigera operator, which then looks after it. Not to be changed on a cluster that has one of them.',
    { default: defaults.install },
  ),
  manifest: manifestSource(
    "The plugin's manifest, in place of the one slipway knows; for install: manifest.",
    'calico.yaml',
  ),
  operator: map(
    {
      crds: manifestSource("The operator's definitions: operator-crds.yaml.", 'operator-crds.yaml'),
      manifest: manifestSource('The operator itself: tigera-operator.yaml.', 'tigera-operator.yaml'),
    },
    "The operator's manifests, in place of those slipway knows.",
  ),
};

type Written = { readonly [Key in keyof typeof installFields]?: Accepted<(typeof installFields)[Key]> } & {
  /** Typha comes in a manifest of its own. */
  readonly typha?: object;
};

/** Files in place of those slipway knows, a version of which it knows none, and keys of the other way of installing. */
export function installFindings(
  { version, install = defaults.install, manifest, operator }: ValidPart<Written>,
  isFaulty: (path: Path) => boolean,
  path: Path,
): readonly Finding[] {
  const [other, isOtherThere, files] =
    install === 'operator'
      ? [
          'manifest',
          manifest !== undefined,
          { 'operator.crds': operator?.crds, 'operator.manifest': operator?.manifest },
        ]
      : ['operator', operator !== undefined, { manifest }];
  const given = Object.entries(files).map(([keys, source]) => ({
    at: [...path, ...keys.split('.')],
    source,
  }));
  const versionPath = [...path, 'version'];
  return [
    ...(isOtherThere ? [meaningless([...path, other], `with install: ${install}`)] : []),
    ...given.flatMap(({ at, source }) =>
      source === undefined || isFaulty(at) ? [] : manifestSourceFindings(source, at),
    ),
    ...(isFaulty(versionPath) || given.every(({ source }) => source !== undefined)
      ? []
      : versionFindings(version, versionPath, Object.keys(files))),
  ];
}

function versionFindings(
  version: string | undefined,
  path: Path,
  places: readonly string[],
): readonly Finding[] {
  if (version === undefined || calicoManifest(withoutV(version)) !== undefined) return [];
  const wanted = CALICO_RELEASES.map((release) => release.version).join(' or ');
  const message = `slipway does not know the digest of Calico ${version}: name its files and their sha256 in ${places.join(' and ')}, or take a known version`;
  return [{ path, message, wanted, got: quoteValue(version) }];
}

export const installFiles = (
  { manifest, operator }: ValidPart<Written>,
  path: Path,
): readonly LocalFile[] => [
  ...manifestSourceFiles(manifest, [...path, 'manifest']),
  ...manifestSourceFiles(operator?.crds, [...path, 'operator', 'crds']),
  ...manifestSourceFiles(operator?.manifest, [...path, 'operator', 'manifest']),
];

/** The version of Calico, and where its files come from. */
export function buildInstall(
  written: Written,
  places: Places,
): { readonly version: string; readonly install: CalicoInstall } {
  const version = withoutV(written.version ?? defaults.version);
  const source = (given: Written['manifest'], file: Parameters<typeof calicoManifest>[1]): ManifestSource => {
    const found = given === undefined ? calicoManifest(version, file) : buildManifestSource(given, places);
    if (found === undefined) throw new TypeError(`Calico ${version} is not in the catalog`);
    return found;
  };
  const { manifest, operator } = written;
  if (written.install !== 'operator') {
    const file = written.typha === undefined ? 'calico.yaml' : 'calico-typha.yaml';
    return { version, install: { by: 'manifest', manifest: source(manifest, file) } };
  }
  return {
    version,
    install: {
      by: 'operator',
      crds: source(operator?.crds, 'operator-crds.yaml'),
      manifest: source(operator?.manifest, 'tigera-operator.yaml'),
    },
  };
}
