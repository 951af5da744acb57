import { runtimeOfSocket } from '#catalog/cri-sockets.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { KindContext } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { kubeletEndpoint } from '#facts/kubelet-endpoint.ts';

import { check, type Objection } from './check.ts';

/** A node keeps its container runtime: another one under the same kubelet would not know the pods that run there. */
export const runtimeChange = ({ cluster, host: { runtime: wanted } }: KindContext): Resource =>
  check({
    name: 'RuntimeChange',
    facts: { endpoint: kubeletEndpoint() },
    judge: ({ endpoint }, host) => judgeRuntime(cluster, { name: host, runtime: wanted }, endpoint),
  });

function judgeRuntime(
  cluster: Cluster,
  host: Pick<Host, 'name' | 'runtime'>,
  endpoint: string | null,
): string | Objection {
  if (endpoint === null) return `${host.name} is no node yet`;
  const found: Runtime['type'] | undefined = runtimeOfSocket(endpoint);
  if (found === host.runtime.type) return `${host.name} runs ${found}`;
  return {
    why: `${host.name} is a node of ${cluster.name} that runs on ${found ?? 'another runtime'} (${endpoint}), and the inventory wants ${host.runtime.type}`,
    hint: `take the node out first (kubectl drain ${host.name} --ignore-daemonsets, kubectl delete node ${host.name}, and on it kubeadm reset --cri-socket=${endpoint}), then run again; or write runtime.type: ${found ?? 'as it was'} into the inventory`,
  };
}
