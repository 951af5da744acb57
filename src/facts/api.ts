import { KUBEADM_OBJECTS } from '#catalog/kubeadm-objects.ts';
import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh, type Script } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { isTrue, type KubernetesObject, readObjects } from './kubernetes-object.ts';
import { API, bodiesOf, overTls } from './over-tls.ts';

/** What the API server says of the cluster, asked on a control plane with its admin kubeconfig. */
export type ApiState = NotReady | ApiReady;

/** What it says of nodes. */
export type ApiNodes = NotReady | ReadyNodes;

/** What it says of all but nodes. */
export type ApiSettings = NotReady | ReadySettings;

type NotReady =
  /** There is no admin kubeconfig. */
  | {
      readonly state: 'absent';
      /** Something else of a cluster is there, so that it may have been one before. */
      readonly isLost?: true;
    }
  | { readonly state: 'unreachable'; readonly why: string };

export type ApiReady = ReadyNodes & ReadySettings;

export type ReadyNodes = {
  readonly state: 'ready';
  readonly nodes: { readonly [name: string]: NodeState };
};

export type ReadySettings = {
  readonly state: 'ready';
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

/** What is asked of the API server: all of it, all but nodes, or one node. */
export type ApiQuestion = 'state' | 'settings' | { readonly node: string };

const apiFamily: Family<ApiQuestion, ApiState | ApiNodes | ApiSettings> = {
  name: 'api',
  patienceMs: 45_000,
  queue: API,
  wants: (questions) => pathsOf(wantedOf(questions)),
  script: (questions) => {
    const { nodes, hasSettings } = wantedOf(questions);
    const which = nodes === 'all' ? sh`get nodes -o json` : sh`get nodes ${nodes} --ignore-not-found -o json`;
    return lines(
      sh`for trace in ${TRACES}; do [ ! -e "$trace" ] || { echo lost; break; }; done`,
      onControlPlane('absent'),
      overTls(pathsOf({ nodes, hasSettings })),
      ...(nodes.length === 0 ? [] : [get(which)]),
      sh`echo`,
      sh`echo ===`,
      ...(hasSettings ? [sh`printf %s ${OBJECTS} |`, get(sh`get -f - --ignore-not-found -o json`)] : []),
    );
  },
  parse: (output, questions) => {
    const found = parseApiState(output, wantedOf(questions));
    return questions.map((question) => answerOf(found, question));
  },
  bare: () => ({ state: 'absent' }),
};

/** A list of all is one answer of the server's; each of these is one. */
const NODES_BY_NAME = 20;

/** What is asked for, so that all questions have their answers. */
interface Wanted {
  readonly nodes: 'all' | readonly string[];
  readonly hasSettings: boolean;
}

function wantedOf(questions: readonly ApiQuestion[]): Wanted {
  const names = questions.flatMap((question) => (typeof question === 'string' ? [] : [question.node]));
  const isAll = questions.includes('state') || names.length > NODES_BY_NAME;
  return {
    nodes: isAll ? 'all' : names,
    hasSettings: questions.some((question) => typeof question === 'string'),
  };
}

/** What of all it says is the answer to a question. */
export const answerOf = (found: ApiState, question: ApiQuestion): ApiState | ApiNodes | ApiSettings =>
  found.state === 'ready' ? partOf(found, question) : found;

function partOf(found: ApiReady, question: ApiQuestion): ApiReady | ReadyNodes | ReadySettings {
  if (question === 'state') return found;
  const { state, nodes, ...settings } = found;
  if (question === 'settings') return { state, ...settings };
  const node = nodes[question.node];
  return { state, nodes: node === undefined ? {} : { [question.node]: node } };
}

/** What is there of a control plane that was made, or begun. */
const TRACES = ['/etc/kubernetes/manifests/kube-apiserver.yaml', '/etc/kubernetes/kubelet.conf'];

/** All of it: what is told grows with the cluster. */
export const apiState = fact(apiFamily, 'state') as Fact<ApiState>;

/** Of one node alone: what a resource about a host asks for again and again while the host joins, one among a thousand. */
export const apiNode = (node: string): Fact<ApiNodes> => fact(apiFamily, { node }) as Fact<ApiNodes>;

export const apiSettings = fact(apiFamily, 'settings') as Fact<ApiSettings>;

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

/** The same questions, one by one. */
const OBJECT_PATHS = KUBEADM_OBJECTS.map(({ apiVersion, kind, name, namespace }) =>
  [
    apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    `${kind.toLowerCase()}s`,
    name,
  ].join('/'),
);

const nodePaths = (nodes: Wanted['nodes']): readonly string[] =>
  nodes === 'all' ? ['/api/v1/nodes'] : nodes.map((name) => `/api/v1/nodes/${name}`);

const pathsOf = ({ nodes, hasSettings }: Wanted): readonly string[] => [
  ...nodePaths(nodes),
  ...(hasSettings ? OBJECT_PATHS : []),
];

/** Shows an error as the answer, not as a failure of the question. */
const get = (query: Script): Script =>
  sh`${embed(kubectl)} --request-timeout=10s ${embed(query)} 2>&1 || { echo; echo '=== failed'; exit 0; }`;

/** Whether the plan is going to make the cluster: nothing of it is there yet. */
export const isToBeMade = (api: ApiNodes | ApiSettings): boolean =>
  api.state === 'absent' && api.isLost !== true;

function parseApiState(said: string, { nodes: wanted, hasSettings }: Wanted): ApiState {
  const output = said.replace(/^lost\n/, '');
  if (output.trim() === 'absent') return { state: 'absent', ...(said !== output && { isLost: true }) };
  const bodies = bodiesOf(output);
  if (bodies !== undefined) {
    const count = nodePaths(wanted).length;
    if (bodies.length !== count + (hasSettings ? OBJECT_PATHS.length : 0))
      return { state: 'unreachable', why: "the API server's answer was cut off" };
    const [nodes, objects] = [bodies.slice(0, count), bodies.slice(count)].map((some) =>
      some.flatMap((body) => readObjects(body ?? '')),
    );
    return readyState(nodes ?? [], objects ?? []);
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
export const isMarked = (api: ApiNodes, host: string): boolean =>
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
