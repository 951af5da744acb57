import { parseAllDocuments, stringify } from 'yaml';

import { KUBEADM_OBJECTS } from '#catalog/kubeadm-objects.ts';
import { initConfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { hasInstanceConfiguration, settingsOf } from '#configuration/kubelet-configuration.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Answers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import type { Change } from '#core/resource.ts';
import type { ApiReady, NodeState } from '#facts/api.ts';

import { fileAnswer } from '../support/file-answer.ts';

type MovingAnswers = Record<string, Record<string, Record<string, Json>>>;

/** What hosts answer while a run goes on: as bare ones at first, then as far as steps have changed them. */
export class FreshRun {
  readonly #cluster: Cluster;
  readonly #clusterHost: string;
  readonly #answers: MovingAnswers;
  /** In seconds since 1970. */
  #now = 0;

  constructor(cluster: Cluster, clusterHost: string, bare: Answers) {
    this.#cluster = cluster;
    this.#clusterHost = clusterHost;
    this.#answers = structuredClone(bare);
  }

  get answers(): Answers {
    return this.#answers;
  }

  /** What hosts answer once a change is made, where a later decision can depend on it. */
  make({ host, runsOn, address }: GraphNode, { steps, differences }: Change): void {
    for (const step of steps) if (step.do === 'write') this.#write(runsOn, step.path, step.content);
    const [kind = '', name = ''] = address.split(/:(.*)/);
    if (kind === 'package-index')
      this.#each(runsOn, 'package', (question, answer) => offered(question, answer));
    if (kind === 'packages') {
      for (const { what, to } of differences)
        if (what.endsWith(' version')) this.#install(runsOn, what.slice(0, -' version'.length), to);
    }
    if (kind === 'unit' || kind === 'nvidia-runtime')
      this.#start(runsOn, kind === 'unit' ? name : `${name}.service`);
    if (address === 'kubeadm-init' || address === 'kubeadm-join') this.#register(host);
  }

  /** Changes the answers to the questions of a family. */
  #each(host: string, family: string, change: (question: Json, answer: Json) => Json): void {
    const answers = this.#answers[host]?.[family] ?? {};
    for (const [key, answer] of Object.entries(answers))
      answers[key] = change(JSON.parse(key) as Json, answer);
  }

  #write(host: string, path: string, content: unknown): void {
    const text = typeof content === 'string' ? content : '(secret)';
    this.#now += 1;
    const written = { ...fileAnswer(text), mtime: `${this.#now}.000000000` };
    this.#each(host, 'file', (question, answer) =>
      (question as JsonObject)['path'] === path ? written : answer,
    );
    this.#each(host, 'path', (question, answer) => (question === path ? 'file' : answer));
  }

  /** With the files that the packages bring. */
  #install(host: string, name: string, version: Json): void {
    this.#each(host, 'package', (question, answer) =>
      (question as JsonObject)['name'] === name
        ? { ...(answer as JsonObject), installed: version, offered: null }
        : answer,
    );
    if (name === 'containerd') this.#write(host, '/etc/containerd/config.toml', 'version = 2\n# Debian\n');
    if (name === 'nvidia-container-toolkit-base') {
      const text = '[nvidia-container-runtime]\nmode = "auto"\nruntimes = ["runc", "crun"]\n';
      this.#write(host, '/etc/nvidia-container-runtime/config.toml', text);
    }
  }

  #start(host: string, unit: string): void {
    this.#now += 1;
    const startedAt = `${this.#now}.000000`;
    this.#each(host, 'unit', (question, answer) =>
      (question as JsonObject)['unit'] === unit
        ? { ...(answer as JsonObject), load: 'loaded', file: 'enabled', active: 'active', startedAt }
        : answer,
    );
  }

  /** kubeadm has made a node of a host, and the cluster of the first. */
  #register(name: string): void {
    const cluster = this.#cluster;
    const host = cluster.hosts.find((one) => one.name === name)!;
    const [, configuration, kubelet = {}, kubeProxy] = parseAllDocuments(initConfig(cluster)).map(
      (document) => document.toJS() as JsonObject,
    );
    const clusterAnswers = this.#answers[this.#clusterHost]!;
    const before = Object.values(clusterAnswers['api'] ?? {})[0] as ApiReady;
    const api: ApiReady = {
      state: 'ready',
      nodes: { ...(before.state === 'ready' && before.nodes), [name]: registered(cluster, host) },
      objects: [...KUBEADM_OBJECTS.map(({ id }) => id), 'DaemonSet/kube-proxy'],
      clusterConfiguration: stringify(configuration),
      kubelet: stored({ address: '0.0.0.0', ...kubelet, volumeStatsAggPeriod: '0s' }),
      kubeProxy: stored({ bindAddress: '0.0.0.0', ...kubeProxy }),
      kubeProxyPods: {},
    };
    this.#each(this.#clusterHost, 'api', () => api);
    for (const family of Object.keys(clusterAnswers)) {
      const isDiff = /^(manifest|rendered)-diff /.test(family);
      if (isDiff) this.#each(this.#clusterHost, family, () => ({ state: 'unknown', why: 'namespaces "x"' }));
    }
    this.#each(this.#clusterHost, 'owned-objects', () => ({ state: 'known', objects: [] }));
    this.#write(
      name,
      KUBEADM_FILES.kubeletConfiguration,
      stringify(mergeObjects(kubelet, settingsOf(cluster, host))),
    );
    this.#write(name, KUBEADM_FILES.kubeletFlags, `KUBELET_KUBEADM_ARGS="${flagsOf(host).join(' ')}"\n`);
    for (const path of [KUBEADM_FILES.kubelet, KUBEADM_FILES.clientCertificate, KUBEADM_FILES.ca])
      this.#write(name, path, 'by kubeadm\n');
    this.#start(name, 'kubelet.service');
    this.#each(name, 'kubelet-health', () => ({ state: 'answers' }));
  }
}

/** In builds as Debian, Docker and Kubernetes name them. */
function offered(question: Json, answer: Json): Json {
  const { name, version } = question as { readonly name: string; readonly version: string | null };
  if ((answer as JsonObject)['installed'] !== null) return answer;
  const build = name.startsWith('docker-ce')
    ? `5:${version ?? '28.5.1'}-1~debian.12~bookworm`
    : version === null
      ? '1.7.24~ds1-6+deb13u1'
      : `${version}-1.1`;
  return { ...(answer as JsonObject), offered: [build] };
}

const registered = (cluster: Cluster, { role, taints, runtime }: Host): NodeState => ({
  labels: {
    'kubernetes.io/hostname': 'x',
    'kubernetes.io/os': 'linux',
    ...(role === 'control-plane' && {
      'node-role.kubernetes.io/control-plane': '',
      'node.kubernetes.io/exclude-from-external-load-balancers': '',
    }),
  },
  annotations: hasInstanceConfiguration(cluster)
    ? {}
    : { 'kubeadm.alpha.kubernetes.io/cri-socket': runtime.type },
  taints: [...taints, { key: 'node.kubernetes.io/not-ready', value: '', effect: 'NoSchedule' }],
  isCordoned: false,
  isReady: false,
  isLost: false,
  message: 'container runtime network not ready',
  machineId: 'm',
  kubeletVersion: `v${cluster.kubernetes.version}`,
  runtimeVersion: 'containerd://1.7.24',
  internalIp: '10.0.0.1',
  gpus: {},
});

const stored = (value: object) => ({ text: stringify(value), annotations: {} });

const flagsOf = ({ kubeletExtraArgs, nodeIp }: Host): readonly string[] =>
  Object.entries({ ...kubeletExtraArgs, ...(nodeIp !== undefined && { 'node-ip': nodeIp }) }).map(
    ([name, value]) => `--${name}=${value}`,
  );
