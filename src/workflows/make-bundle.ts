import { createBundle, type CreateOptions } from '#bundle/create-bundle.ts';
import { type Wanted, wantedOf } from '#bundle/wanted.ts';
import type { BundleIndex } from '#core/bundle.ts';
import type { Cluster } from '#core/cluster.ts';
import type { PhaseContext } from '#core/phase.ts';
import type { Workflow } from '#core/workflow.ts';
import { fetchArtifacts } from '#engine/artifacts.ts';
import { buildGraph } from '#engine/build-graph.ts';

/** What goes into a bundle beside what the inventory says. */
export interface BundleWishes {
  /** The file. */
  readonly out: string;
  /** Of the hosts, in Go's words; default: amd64. */
  readonly architectures?: readonly string[] | undefined;
  /** What hosts run of which the inventory does not say it: `debian 12`. */
  readonly release?: string | undefined;
  /** False: packages come from a mirror of the site. */
  readonly hasPackages?: boolean | undefined;
  /** Lines of sources.list, or repositories of dnf's, by release, in place of this machine's own. */
  readonly sources?: ReadonlyMap<string, string> | undefined;
  /** Further images. */
  readonly images?: readonly string[] | undefined;
}

export interface MakeBundleOptions extends Pick<CreateOptions, 'slipway' | 'cache' | 'listener' | 'signal'> {
  readonly cluster: Cluster;
  readonly workflow: Workflow;
}

/** Collects all that the hosts of an inventory would fetch from outside, into one file. No host is connected to. */
export async function makeBundle(wishes: BundleWishes, options: MakeBundleOptions): Promise<BundleIndex> {
  const { cluster, workflow, cache, listener, signal } = options;
  const { out, architectures = ['amd64'], sources = new Map() } = wishes;
  const refs = artifactsOf(cluster, workflow);
  const artifacts = await fetchArtifacts(refs, { cache, listener, signal });
  const wanted = wantedFrom({ cluster, workflow, artifacts }, wishes);
  return createBundle({ ...options, wanted, artifacts, architectures, sources, out });
}

export const artifactsOf = (cluster: Cluster, { phases }: Workflow) =>
  phases.flatMap((phase) => phase.artifacts?.(cluster) ?? []);

/** What the resources of a cluster bring from outside. */
export function wantedFrom(
  {
    cluster,
    workflow,
    artifacts,
  }: Pick<MakeBundleOptions, 'cluster' | 'workflow'> & Pick<PhaseContext, 'artifacts'>,
  { architectures = ['amd64'], release, images, hasPackages = true }: Omit<BundleWishes, 'out'>,
): Wanted {
  const { nodes } = buildGraph({ cluster, workflow, artifacts });
  return wantedOf({
    cluster,
    nodes,
    artifacts: artifactsOf(cluster, workflow),
    architectures,
    release,
    hasPackages,
    moreImages: images ?? [],
  });
}
