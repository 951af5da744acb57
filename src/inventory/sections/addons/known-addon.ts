import { type AddonName, addonSources, addonVersions } from '#catalog/addons.ts';
import type { Kubernetes, ManifestSource } from '#core/cluster.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { type Accepted, integer, type Sound, text } from '#inventory/text/schema.ts';
import type { Places } from '#inventory/values/local-path.ts';
import {
  buildManifestSource,
  manifestSource,
  manifestSourceFindings,
} from '#inventory/values/manifest-source.ts';
import { withoutV } from '#inventory/values/version.ts';

/** What an addon is built of. */
export interface AddonSource {
  readonly kubernetes: Kubernetes;
  readonly places: Places;
  /** What stands in place of https://raw.githubusercontent.com. */
  readonly mirror?: string;
}

/** How long images may take to come over a slow line, and pods to start. */
export const TIMEOUT_SECONDS = 600;

export const timeout = integer({
  description:
    'Seconds that its pods may take to be ready, before the run fails with what keeps them; 0: they are not waited for.',
  minimum: 0,
  maximum: 7200,
  default: TIMEOUT_SECONDS,
});

/** The keys of every addon that slipway knows; `more` says how its version is chosen, where that is special. */
export const knownFields = (name: AddonName, file: string, more = '') => ({
  version: text({
    description: `Its version, one whose files slipway knows the digests of.${more}`,
    wanted: `a version such as ${addonVersions(name)[0]}`,
    pattern: '^v?[0-9]+\\.[0-9]+\\.[0-9]+$',
    examples: addonVersions(name),
  }),
  manifest: manifestSource(
    'A file in place of those slipway knows; needed for a version it does not know.',
    file,
  ),
  timeout,
});

type Written = { readonly [Key in keyof Fields]?: Accepted<Fields[Key]> };
type Fields = ReturnType<typeof knownFields>;

/** A version that has digests, or a file in its place. */
export function knownFindings(
  name: AddonName,
  { version, manifest }: Sound<Written>,
  path: Path,
): readonly Finding[] {
  if (manifest !== undefined) return manifestSourceFindings(manifest, [...path, 'manifest']);
  const known = addonVersions(name);
  if (version === undefined || known.includes(withoutV(version))) return [];
  const wanted = known.join(' or ');
  const message = `slipway does not know the digests of ${name} ${version}: take ${wanted}, or name its manifest and sha256`;
  return [{ path: [...path, 'version'], message, wanted, got: quoteValue(version) }];
}

interface KnownAddon<Name extends AddonName> {
  readonly name: Name;
  readonly version?: string;
  readonly sources: readonly ManifestSource[];
  readonly isOwn: boolean;
  readonly timeoutSeconds: number;
}

export function buildKnown<Name extends AddonName>(
  name: Name,
  { version: written, manifest, timeout: timeoutSeconds = TIMEOUT_SECONDS }: Written,
  { places, mirror }: AddonSource,
  fallback?: string,
): KnownAddon<Name> {
  const version = written === undefined ? fallback : withoutV(written);
  if (manifest !== undefined) {
    const sources = [buildManifestSource(manifest, places)];
    return { name, ...(version !== undefined && { version }), sources, isOwn: true, timeoutSeconds };
  }
  const newest = version ?? addonVersions(name)[0] ?? '';
  const sources = addonSources(name, newest, mirror);
  if (sources === undefined) throw new TypeError(`${name} ${newest} is not in the catalog`);
  return { name, version: newest, sources, isOwn: false, timeoutSeconds };
}
