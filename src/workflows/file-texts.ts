import { bundledArtifacts, isFromOutside } from '#bundle/hold-against.ts';
import type { OpenBundle } from '#bundle/open-bundle.ts';
import type { ArtifactRef } from '#core/artifact.ts';
import { fetchArtifacts, type FetchOptions } from '#engine/artifacts.ts';

/** Texts of files by location: fetched, or out of a bundle. Those of this machine are read where they are. */
export async function fileTexts(
  refs: readonly ArtifactRef[],
  bundle: OpenBundle | undefined,
  options: FetchOptions,
): Promise<ReadonlyMap<string, string>> {
  if (bundle === undefined) return fetchArtifacts(refs, options);
  const local = refs.filter((ref) => !isFromOutside(ref));
  return new Map([...(await fetchArtifacts(local, options)), ...(await bundledArtifacts(refs, bundle))]);
}
