import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { deferred, type Outcome, resource, type Resource } from '#core/resource.ts';
import { apiState, type NodeState } from '#facts/api.ts';

/** A node that joins pulls images first, over a line that may be slow. */
const NODE_TIMEOUT_MS = 300_000;

/** A resource about the Node object of a host; it waits for the object to be there. */
export function onNode(
  cluster: Cluster,
  host: Host,
  word: string,
  diff: (node: NodeState) => Outcome,
): Resource {
  return resource({
    address: `node-${word}:${host.name}`,
    facts: { api: apiState },
    settle: { timeoutMs: NODE_TIMEOUT_MS },
    diff: ({ api }) => {
      const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
      if (node !== undefined) return diff(node);
      const isFirst = firstControlPlane(cluster).name === host.name;
      return deferred({ host: host.name, phase: isFirst ? 'control-plane' : 'join' }, `node ${host.name}`);
    },
  });
}
