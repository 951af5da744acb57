import { type Fact, type Family, fact } from '#core/fact.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { embed, lines, sh, type Script } from '#core/shell.ts';

import { kubectl } from './kubectl.ts';

/** What the API server says of the cluster, asked on a control plane with its admin kubeconfig. */
export type ApiState =
  | { readonly state: 'absent' }
  | { readonly state: 'unreachable'; readonly why: string }
  | ApiReady;

export type ApiReady = {
  readonly state: 'ready';
  readonly nodes: { readonly [name: string]: NodeState };
  /** `Kind/name` of what kubeadm leaves in kube-system. */
  readonly objects: readonly string[];
  /** kubeadm's ClusterConfiguration as it was uploaded; empty before that. */
  readonly clusterConfiguration: string;
  /** The KubeletConfiguration that nodes get as they join. */
  readonly kubelet: StoredConfiguration;
  /** KubeProxyConfiguration. */
  readonly kubeProxy: StoredConfiguration;
  /** Annotations of the template of kube-proxy's pods. */
  readonly kubeProxyPods: { readonly [key: string]: string };
};

/** A ConfigMap of kubeadm's: the text in it, empty where there is none, and its annotations. */
export type StoredConfiguration = {
  readonly text: string;
  readonly annotations: { readonly [key: string]: string };
};

export type NodeState = {
  readonly labels: { readonly [key: string]: string };
  readonly annotations: { readonly [key: string]: string };
  readonly taints: readonly NodeTaint[];
  readonly isReady: boolean;
  /** Why it is not. */
  readonly message: string;
  readonly machineId: string;
  readonly kubeletVersion: string;
  readonly runtimeVersion: string;
  readonly internalIp: string;
  /** What of NVIDIA's resources it offers: `nvidia.com/gpu: 4`. */
  readonly gpus: { readonly [resource: string]: string };
};

export type NodeTaint = { readonly key: string; readonly value: string; readonly effect: string };

const apiFamily: Family<'state', ApiState> = {
  name: 'api',
  patienceMs: 30_000,
  script: () =>
    lines(
      sh`[ -s /etc/kubernetes/admin.conf ] && command -v kubectl >/dev/null || { echo absent; exit 0; }`,
      get(sh`get nodes -o json`),
      sh`echo`,
      sh`echo ===`,
      get(
        sh`-n kube-system get configmap/kubeadm-config configmap/kubelet-config configmap/kube-proxy deployment/coredns daemonset/kube-proxy --ignore-not-found -o json`,
      ),
    ),
  parse: (output) => [parseApiState(output)],
  bare: () => ({ state: 'absent' }),
};

export const apiState: Fact<ApiState> = fact(apiFamily, 'state');

/** Shows an error as the answer, not as a failure of the question. */
const get = (query: Script): Script =>
  sh`${embed(kubectl)} --request-timeout=10s ${embed(query)} 2>&1 || { echo; echo '=== failed'; exit 0; }`;

function parseApiState(output: string): ApiState {
  if (output.trim() === 'absent') return { state: 'absent' };
  if (output.includes('\n=== failed')) {
    const why = output.split('\n=== failed')[0]?.trim().split('\n').at(-1) ?? '';
    return { state: 'unreachable', why };
  }
  const [nodes = '', objects = ''] = output.split('\n===\n');
  const found = items(objects);
  const object = (name: string): Json | undefined => found.find((item) => objectName(item) === name);
  const stored = (name: string, key: string): StoredConfiguration => ({
    text: text(object(`ConfigMap/${name}`), 'data', key),
    annotations: strings(at(object(`ConfigMap/${name}`), 'metadata', 'annotations')),
  });
  return {
    state: 'ready',
    nodes: Object.fromEntries(items(nodes).map((item) => [text(item, 'metadata', 'name'), parseNode(item)])),
    objects: found.map(objectName).toSorted(),
    clusterConfiguration: stored('kubeadm-config', 'ClusterConfiguration').text,
    kubelet: stored('kubelet-config', 'kubelet'),
    kubeProxy: stored('kube-proxy', 'config.conf'),
    kubeProxyPods: strings(at(object('DaemonSet/kube-proxy'), 'spec', 'template', 'metadata', 'annotations')),
  };
}

const objectName = (item: Json): string => `${text(item, 'kind')}/${text(item, 'metadata', 'name')}`;

/** The items of a List; kubectl prints a single object bare, and nothing for none. */
function items(json: string): readonly Json[] {
  if (json.trim() === '') return [];
  const parsed = JSON.parse(json) as JsonObject;
  return Array.isArray(parsed['items']) ? (parsed['items'] as readonly Json[]) : [parsed];
}

function parseNode(node: Json): NodeState {
  const conditions = list(node, 'status', 'conditions');
  const ready = conditions.find((condition) => text(condition, 'type') === 'Ready');
  const addresses = list(node, 'status', 'addresses');
  const internal = addresses.find((address) => text(address, 'type') === 'InternalIP');
  return {
    labels: strings(at(node, 'metadata', 'labels')),
    annotations: strings(at(node, 'metadata', 'annotations')),
    taints: list(node, 'spec', 'taints')
      .map((taint) => ({
        key: text(taint, 'key'),
        value: text(taint, 'value'),
        effect: text(taint, 'effect'),
      }))
      .toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)),
    isReady: ready !== undefined && text(ready, 'status') === 'True',
    message: ready === undefined ? 'the kubelet has not reported yet' : text(ready, 'message'),
    machineId: text(node, 'status', 'nodeInfo', 'machineID'),
    kubeletVersion: text(node, 'status', 'nodeInfo', 'kubeletVersion'),
    runtimeVersion: text(node, 'status', 'nodeInfo', 'containerRuntimeVersion'),
    internalIp: internal === undefined ? '' : text(internal, 'address'),
    gpus: Object.fromEntries(
      Object.entries(strings(at(node, 'status', 'allocatable'))).filter(([name]) =>
        name.startsWith('nvidia.com/'),
      ),
    ),
  };
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, key) =>
      found !== null && typeof found === 'object' && !Array.isArray(found)
        ? (found as JsonObject)[key]
        : undefined,
    value,
  );
}

function text(value: Json | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

function list(value: Json, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

function strings(value: Json | undefined): Record<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, typeof member === 'string' ? member : '']),
  );
}
