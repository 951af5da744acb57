import { holdAgainst, refuseAltered } from '#bundle/hold-against.ts';
import { type OpenBundle, openBundle } from '#bundle/open-bundle.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Listener } from '#core/event.ts';
import { buildGraph } from '#engine/build-graph.ts';

import { applyWorkflow as workflow } from './apply.ts';
import { fileTexts } from './file-texts.ts';
import { artifactsOf } from './make-bundle.ts';

/** A cluster that is made out of a bundle. */
export interface Held {
  readonly cluster: Cluster;
  readonly bundle: OpenBundle;
}

export interface HoldBundleOptions {
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a bundle whole, and holds it against all that a cluster wants from outside. No host is connected to.
 *
 * @throws {SlipwayError} that names what is altered or missing.
 */
export async function holdBundle(
  cluster: Cluster,
  path: string,
  { listener = () => undefined, signal = new AbortController().signal }: HoldBundleOptions,
): Promise<Held> {
  const bundle = await openBundle(path);
  listener({ event: 'fetching', location: path });
  await refuseAltered(bundle, signal);
  listener({ event: 'fetched', location: path });
  const refs = artifactsOf(cluster, workflow);
  const artifacts = await fileTexts(refs, bundle, { cache: '', listener, signal });
  const { nodes } = buildGraph({ cluster, workflow, artifacts });
  return { cluster: holdAgainst({ cluster, nodes, artifacts: refs, bundle }), bundle };
}
