import { criSocket } from '#catalog/cri-sockets.ts';
import { hasInstanceConfiguration } from '#configuration/kubelet-configuration.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { deferred, type Outcome, resource, type Resource } from '#core/resource.ts';
import { unknown } from '#core/unknown.ts';
import {
  type ApiNodes,
  apiNode,
  CONTROL_PLANE_LABEL,
  CRI_SOCKET,
  EXCLUDED,
  isToBeMade,
  type NodeState,
} from '#facts/api.ts';
import { nodeWatch } from '#facts/api-watch.ts';
import { nodeOf } from '#facts/node-of.ts';

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
    facts: { api: apiNode(host.name) },
    restartOn: deletionsOf(cluster, host),
    settle: { timeoutMs: NODE_TIMEOUT_MS, watch: nodeWatch(host.name) },
    diff: ({ api }, { changed }) => {
      const isToJoin = changed.length > 0 || api.state !== 'ready';
      // A kubelet that was in the cluster before registers its node without kubeadm, and with none of its marks.
      const isForetold = isToJoin || (word !== 'marks' && host.role !== 'control-plane');
      return aboutNode(changed.length > 0 ? without(api, host) : api, cluster, host, diff, isForetold);
    },
  });
}

/** A node that is deleted comes back by a join, with nothing on it. */
export const deletionsOf = (cluster: Cluster, { name }: Host): readonly string[] =>
  firstControlPlane(cluster).name === name ? [] : [`stale-node:${name}`];

export const without = (api: ApiNodes, { name }: Host): ApiNodes =>
  api.state === 'ready'
    ? { ...api, nodes: Object.fromEntries(Object.entries(api.nodes).filter(([node]) => node !== name)) }
    : api;

/** What is to be done about a host's node. While there is none, that may be foreseen for a node as kubeadm registers it. */
export function aboutNode(
  api: ApiNodes,
  cluster: Cluster,
  host: Host,
  decide: (node: NodeState) => Outcome,
  isForetold = true,
): Outcome {
  const node = nodeOf(api, cluster, host);
  if (!('answer' in node)) return decide(node);
  if (!isForetold || (api.state !== 'ready' && !isToBeMade(api))) return node;
  return deferred(node.waitsFor, node.why, decide(registered(cluster, host)));
}

const REGISTERED = 'the node is registered';

/**
 * A node that has just been registered: nobody has marked it but kubeadm.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/markcontrolplane/markcontrolplane.go
 */
const registered = (cluster: Cluster, { role, taints, runtime, kubeletExtraArgs }: Host): NodeState => ({
  labels: {
    'kubernetes.io/os': 'linux',
    ...labelsIn(kubeletExtraArgs['node-labels'] ?? ''),
    ...(role === 'control-plane' && { [CONTROL_PLANE_LABEL]: '', [EXCLUDED]: '' }),
  },
  annotations: hasInstanceConfiguration(cluster) ? {} : { [CRI_SOCKET]: criSocket(runtime) },
  taints,
  isCordoned: false,
  isReady: false,
  isLost: false,
  message: '',
  machineId: unknown(REGISTERED),
  kubeletVersion: `v${cluster.kubernetes.version}`,
  runtimeVersion: unknown(REGISTERED),
  internalIp: unknown(REGISTERED),
  gpus: {},
});

/** What a kubelet gives its own node: `disk=fast,rack=a`. */
const labelsIn = (list: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    list
      .split(',')
      .map((label) => label.split('='))
      .flatMap(([key = '', value = '']) => (key === '' ? [] : [[key, value]])),
  );
