import type { Addon } from '#addons/addon.ts';
import type { KnownAddon } from '#core/addon-set.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { type Accepted, integer, map, type Schema, text, type ValidPart } from '#core/schema.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import type { Places } from '#inventory/values/local-path.ts';
import {
  buildManifestSource,
  manifestSource,
  manifestSourceFiles,
  manifestSourceFindings,
  withoutV,
} from '#inventory/values/release.ts';

/** What an addon is built of. */
export interface AddonContext {
  readonly kubernetes: Kubernetes;
  readonly places: Places;
  /** What stands in place of https://raw.githubusercontent.com. */
  readonly mirror?: string;
}

/** How long images may take to come over a slow line, and pods to start. */
export const TIMEOUT_SECONDS = 600;

export const timeout = integer(
  'Seconds that its pods may take to be ready, before the run fails with what keeps them; 0: they are not waited for.',
  { minimum: 0, maximum: 7200, default: TIMEOUT_SECONDS },
);

/** The keys of every addon that slipway knows. */
const commonFields = ({ versions, defaultVersion, file }: Addon) => ({
  version: text(
    `Its version, one whose files slipway knows the digests of.${defaultVersion === undefined ? '' : ` ${defaultVersion.help}`}`,
    {
      wanted: `a version such as ${versions[0]}`,
      pattern: '^v?[0-9]+\\.[0-9]+\\.[0-9]+$',
      examples: versions,
    },
  ),
  manifest: manifestSource(
    'A file in place of those slipway knows; needed for a version it does not know.',
    file,
  ),
  timeout,
});

/** What an inventory says of an addon; its own fields are between the addon and its schema. */
export type WrittenAddon = { readonly [Key in keyof Fields]?: Accepted<Fields[Key]> };
type Fields = ReturnType<typeof commonFields>;

export const knownSchema = (addon: Addon): Schema<WrittenAddon> =>
  map({ ...commonFields(addon), ...addon.schema }, addon.summary);

/** A version that has digests, or a file in its place. */
export function knownFindings(
  { name, versions }: Addon,
  { version, manifest }: ValidPart<WrittenAddon>,
  path: Path,
): readonly Finding[] {
  if (manifest !== undefined) return manifestSourceFindings(manifest, [...path, 'manifest']);
  if (version === undefined || versions.includes(withoutV(version))) return [];
  const wanted = versions.join(' or ');
  const message = `slipway does not know the digests of ${name} ${version}: take ${wanted}, or name its manifest and sha256`;
  return [{ path: [...path, 'version'], message, wanted, got: quoteValue(version) }];
}

export const knownFiles = (
  { manifest }: ValidPart<WrittenAddon>,
  path: Path,
): ReturnType<typeof manifestSourceFiles> => manifestSourceFiles(manifest, [...path, 'manifest']);

export function buildKnown(
  addon: Addon,
  written: WrittenAddon,
  { kubernetes, places, mirror }: AddonContext,
): KnownAddon {
  const { manifest, timeout: timeoutSeconds = TIMEOUT_SECONDS } = written;
  const version =
    written.version === undefined ? addon.versionFor(kubernetes.version) : withoutV(written.version);
  const common = {
    kind: 'known',
    name: addon.name,
    settings: addon.settings(written, kubernetes),
    timeoutSeconds,
  } as const;
  if (manifest !== undefined) {
    const sources = [buildManifestSource(manifest, places)];
    return { ...common, ...(version !== undefined && { version }), sources, isOwn: true };
  }
  const known = version ?? addon.versions[0];
  const sources = addon.sources(known, mirror);
  if (sources === undefined) throw new TypeError(`no release ${known} of ${addon.name} is known`);
  return { ...common, version: known, sources, isOwn: false };
}
