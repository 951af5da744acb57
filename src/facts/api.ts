import { KUBEADM_OBJECTS } from '#catalog/kubeadm-objects.ts';
import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh, type Script } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { isTrue, type KubernetesObject, readObjects } from './kubernetes-object.ts';
import { bodiesOf, overTls } from './over-tls.ts';

/** What the API server says of the cluster, asked on a control plane with its admin kubeconfig. */
export type ApiState =
  /** There is no admin kubeconfig. */
  | {
      readonly state: 'absent';
      /** Something else of a cluster is there, so that it may have been one before. */
      readonly isLost?: true;
    }
  | { readonly state: 'unreachable'; readonly why: string }
  | ApiReady;

export type ApiReady = {
  readonly state: 'ready';
  readonly nodes: { readonly [name: string]: NodeState };
  /** `Kind/name` of what there is of `KUBEADM_OBJECTS`. */
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
  readonly isCordoned: boolean;
  readonly isReady: boolean;
  /** Nobody hears from its kubelet. */
  readonly isLost: boolean;
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
  patienceMs: 45_000,
  script: () =>
    lines(
      sh`for trace in ${TRACES}; do [ ! -e "$trace" ] || { echo lost; break; }; done`,
      onControlPlane('absent'),
      overTls(PATHS),
      get(sh`get nodes -o json`),
      sh`echo`,
      sh`echo ===`,
      sh`printf %s ${OBJECTS} |`,
      get(sh`get -f - --ignore-not-found -o json`),
    ),
  parse: (output) => [parseApiState(output)],
  bare: () => ({ state: 'absent' }),
};

/** What is there of a control plane that was made, or begun. */
const TRACES = [
  '/etc/kubernetes/manifests/kube-apiserver.yaml',
  '/etc/kubernetes/kubelet.conf',
  '/var/lib/etcd/member',
];

export const apiState: Fact<ApiState> = fact(apiFamily, 'state');

/** A list of objects of which no more is said than what they are is a question for them, in whichever namespace. */
const OBJECTS = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: KUBEADM_OBJECTS.map(({ apiVersion, kind, name, namespace }) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
  })),
});

/** The same questions, one by one, after that for the nodes. */
const PATHS = [
  '/api/v1/nodes',
  ...KUBEADM_OBJECTS.map(({ apiVersion, kind, name, namespace }) =>
    [
      apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`,
      ...(namespace === undefined ? [] : ['namespaces', namespace]),
      `${kind.toLowerCase()}s`,
      name,
    ].join('/'),
  ),
];

/** Shows an error as the answer, not as a failure of the question. */
const get = (query: Script): Script =>
  sh`${embed(kubectl)} --request-timeout=10s ${embed(query)} 2>&1 || { echo; echo '=== failed'; exit 0; }`;

/** Whether the plan is going to make the cluster: nothing of it is there yet. */
export const isToBeMade = (api: ApiState): boolean => api.state === 'absent' && api.isLost !== true;

function parseApiState(said: string): ApiState {
  const output = said.replace(/^lost\n/, '');
  if (output.trim() === 'absent') return { state: 'absent', ...(said !== output && { isLost: true }) };
  const bodies = bodiesOf(output);
  if (bodies !== undefined) {
    const [nodes, ...objects] = bodies;
    if (objects.length !== KUBEADM_OBJECTS.length)
      return { state: 'unreachable', why: "the API server's answer was cut off" };
    return readyState(
      readObjects(nodes ?? ''),
      objects.flatMap((object) => readObjects(object ?? '')),
    );
  }
  if (output.includes('\n=== failed')) {
    const why = output.split('\n=== failed')[0]?.trim().split('\n').at(-1) ?? '';
    return { state: 'unreachable', why };
  }
  const [nodes = '', objects = ''] = output.split('\n===\n').map(withoutLog);
  return readyState(readObjects(nodes), readObjects(objects));
}

function readyState(nodes: readonly KubernetesObject[], objects: readonly KubernetesObject[]): ApiReady {
  const found = new Map(objects.map((object) => [objectName(object), object]));
  const stored = (name: string, key: string): StoredConfiguration => {
    const configMap = found.get(`ConfigMap/${name}`);
    return { text: configMap?.data?.[key] ?? '', annotations: configMap?.metadata.annotations ?? {} };
  };
  return {
    state: 'ready',
    nodes: Object.fromEntries(nodes.map((node) => [node.metadata.name, parseNode(node)])),
    objects: [...found.keys()].toSorted(),
    clusterConfiguration: stored('kubeadm-config', 'ClusterConfiguration').text,
    kubelet: stored('kubelet-config', 'kubelet'),
    kubeProxy: stored('kube-proxy', 'config.conf'),
    kubeProxyPods: found.get('DaemonSet/kube-proxy')?.spec?.template?.metadata?.annotations ?? {},
  };
}

/**
 * What kubectl printed, without the lines of its log that stand before: it goes on where it could not find out about all
 * kinds of an API server that has just come up. `E1128 11:20:01.000000 123 memcache.go:287] "Unhandled Error" err=...`
 */
const withoutLog = (text: string): string => text.replace(/^(?:(?!\{)[^\n]*\n)+/, '');

/** The label by which kubeadm marks a control plane. */
export const CONTROL_PLANE_LABEL = 'node-role.kubernetes.io/control-plane';

/**
 * kubeadm sets it together with the label of a control plane. It comes back with that one alone: people take it away so
 * that load balancers use their control planes.
 */
export const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** Where kubeadm finds a node's runtime when it upgrades it, in versions that keep that in the cluster. */
export const CRI_SOCKET = 'kubeadm.alpha.kubernetes.io/cri-socket';

/** Whether kubeadm has marked a host as a control plane, which is nearly the last thing that it does. */
export const isMarked = (api: ApiState, host: string): boolean =>
  api.state === 'ready' && CONTROL_PLANE_LABEL in (api.nodes[host]?.labels ?? {});

const objectName = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.name}`;

function parseNode(node: KubernetesObject): NodeState {
  const { metadata, spec, status = {} } = node;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return {
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    taints: (spec?.taints ?? [])
      .map(({ key, value = '', effect }) => ({ key, value, effect }))
      .toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)),
    isCordoned: spec?.unschedulable === true,
    isReady: isTrue(node, 'Ready'),
    isLost: ready?.status === 'Unknown',
    message: ready === undefined ? 'the kubelet has not reported yet' : (ready.message ?? ''),
    machineId: status.nodeInfo?.machineID ?? '',
    kubeletVersion: status.nodeInfo?.kubeletVersion ?? '',
    runtimeVersion: status.nodeInfo?.containerRuntimeVersion ?? '',
    internalIp: status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
    gpus: Object.fromEntries(
      Object.entries(status.allocatable ?? {}).filter(([name]) => name.startsWith('nvidia.com/')),
    ),
  };
}
