import type { Cluster } from '#core/cluster.ts';
import { embed, lines, sh } from '#core/shell.ts';
import { type CheckOutput, type ClusterCheck, fails, holds, type Verdict } from '#core/verification.ts';
import { apiWatch } from '#facts/api-watch.ts';
import { kubectl } from '#facts/kubectl.ts';
import { readObjects } from '#facts/kubernetes-object.ts';
import { isDone, podTroubles } from '#facts/pod-trouble.ts';

import { lastLine, nodesJson } from './scripts.ts';

/** Nodes and pods that are just coming up are given this long, or less where pods may take less. */
const SETTLE_MS = 60_000;

export const settleOf = ({ verify }: Cluster) => ({ timeoutMs: Math.min(SETTLE_MS, verify.timeoutMs) });

/** The API server answers, and says that it is ready. */
export const apiServer = (): ClusterCheck => ({
  name: 'ApiServer',
  summary: 'the API server is ready',
  timeoutMs: 30_000,
  script: lines(
    sh`[ -s /etc/kubernetes/admin.conf ] || { echo 'there is no /etc/kubernetes/admin.conf: no control plane has been made here' >&2; exit 1; }`,
    sh`${embed(kubectl)} --request-timeout=20s get --raw=/readyz`,
  ),
  judge: ({ code, stderr }) =>
    code === 0
      ? holds('/readyz says ok')
      : fails(lastLine(stderr) || 'no answer', 'see the kubelet and its static pods: journalctl -u kubelet'),
});

/** Every host of the inventory is a node, and says it is Ready. */
export const nodesReady = (cluster: Cluster, names: readonly string[]): ClusterCheck => ({
  name: 'NodesReady',
  summary: 'every host of the inventory is a Ready node',
  needs: ['ApiServer'],
  timeoutMs: 30_000,
  settle: { ...settleOf(cluster), watch: apiWatch('/api/v1/nodes') },
  script: nodesJson,
  judge: ({ code, stdout, stderr }) => {
    if (code !== 0) return fails(lastLine(stderr));
    const nodes = new Map(readObjects(stdout).map((node) => [node.metadata.name, node]));
    const faults = names.flatMap((name) => {
      const node = nodes.get(name);
      if (node === undefined) return [`${name} is not registered`];
      if (isDone(node)) return [];
      const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
      return [`${name} is not Ready: ${ready?.message ?? 'its kubelet has not reported yet'}`];
    });
    if (faults.length > 0)
      return fails(faults.join('; '), 'slipway apply makes nodes of hosts, and waits for them');
    return holds(`${names.length} of ${names.length}`);
  },
});

/** The namespaces of what a cluster needs to work, as far as they are there. */
const SYSTEM_NAMESPACES = ['kube-system', 'tigera-operator', 'calico-system', 'calico-apiserver'] as const;

/** Pods of the system run and are ready, those of the addons that slipway put there included. */
export const systemPods = (cluster: Cluster, addonNamespaces: readonly string[]): ClusterCheck => ({
  name: 'SystemPods',
  summary: 'pods of the system and of addons are ready',
  needs: ['ApiServer'],
  timeoutMs: 120_000,
  settle: { ...settleOf(cluster), watch: apiWatch('/api/v1/pods') },
  script: sh`for namespace in ${[...new Set([...SYSTEM_NAMESPACES, ...addonNamespaces])]}; do ${embed(kubectl)} --request-timeout=20s get pods --namespace="$namespace" --output=json || exit 1; echo '==='; done`,
  judge: judgeSystemPods,
});

function judgeSystemPods({ code, stdout, stderr }: CheckOutput): Verdict {
  if (code !== 0) return fails(lastLine(stderr));
  const pods = stdout.split('\n===\n').flatMap(readObjects);
  const alive = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const unready = alive.filter((pod) => !isDone(pod));
  if (unready.length === 0 && alive.length > 0) return holds(`${alive.length} of ${alive.length} pods`);
  if (alive.length === 0)
    return fails('there are none', 'kubeadm init leaves CoreDNS and kube-proxy: was it finished?');
  const [first, ...more] = podTroubles(unready);
  const rest = more.length === 0 ? '' : `; ${more.map(({ message }) => message).join('; ')}`;
  return fails(`${first?.kind}: ${first?.message}${rest}`, first?.hint);
}
