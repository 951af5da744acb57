import type { Cluster } from '#core/cluster.ts';
import { none, noted, resource, type Resource } from '#core/resource.ts';
import { apiState } from '#facts/api.ts';
import { removalOf } from '#facts/node-of.ts';

/**
 * Nodes of the cluster that no host of the inventory stands for. None is removed for that: a host that somebody left out of
 * the file may run what is needed.
 */
export const strayNodes = ({ hosts, leaving }: Cluster): Resource =>
  resource({
    address: 'stray-nodes',
    facts: { api: apiState },
    diff: ({ api }) => {
      const known = new Set([...hosts, ...leaving].map(({ name }) => name));
      const strays = Object.keys(api.state === 'ready' ? api.nodes : {}).filter((name) => !known.has(name));
      return noted(none('a node is removed only where that is said'), strays.toSorted().map(strayNote));
    },
  });

const strayNote = (name: string): string =>
  `node ${name} is not in the inventory, and stays as it is. ${removalOf(name)}`;
