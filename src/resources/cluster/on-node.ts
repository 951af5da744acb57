import type { Cluster, Host } from '#core/cluster.ts';
import { type Difference, type Outcome, resource, type Resource } from '#core/resource.ts';
import { apiState, type NodeState } from '#facts/api.ts';
import { nodeOf } from '#facts/node-of.ts';

/** A node that joins pulls images first, over a line that may be slow. */
const NODE_TIMEOUT_MS = 300_000;

const FACTS = { api: apiState };

/**
 * A resource about the Node object of a host; it waits for the object to be there.
 *
 * @param wanted what the object will have, told while it is not there.
 */
export function onNode(
  cluster: Cluster,
  host: Host,
  word: string,
  diff: (node: NodeState) => Outcome,
  wanted: readonly Difference[] = [],
): Resource {
  return resource({
    address: `node-${word}:${host.name}`,
    facts: FACTS,
    settle: { timeoutMs: NODE_TIMEOUT_MS },
    diff: ({ api }) => {
      const node = nodeOf(api, cluster, host);
      if (!('answer' in node)) return diff(node);
      return wanted.length > 0 ? { ...node, differences: wanted } : node;
    },
  });
}
