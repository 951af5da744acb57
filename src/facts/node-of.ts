import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { deferred, type Deferred } from '#core/resource.ts';

import { isVersion } from '#distributions/package-version.ts';

import type { ApiNodes, NodeState } from './api.ts';

/** The node of a host, or what a resource that is about it answers while there is none. */
export function nodeOf(api: ApiNodes, cluster: Cluster, { name }: Host): NodeState | Deferred {
  const node = api.state === 'ready' ? api.nodes[name] : undefined;
  const isFirst = firstControlPlane(cluster).name === name;
  return node ?? deferred({ host: name, phase: isFirst ? 'control-plane' : 'join' }, `node ${name}`);
}

/** Whether the kubelet of a node reports a version; builds of a distributor add to it. */
export const reports = ({ kubeletVersion }: NodeState, version: string): boolean =>
  isVersion(kubeletVersion.replace(/^v/, ''), version);

export const removalOf = (name: string): string => `To remove it: slipway remove ${name}`;
