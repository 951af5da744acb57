import type { Cluster } from '#core/cluster.ts';
import type { Answers, Fact, HostAnswers } from '#core/fact.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { factsByHost } from '#engine/observe.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

/** Of a host: the kubelet that is installed, and how its node is. */
export interface ModelHost {
  readonly installed?: string;
  /** Default: the same. */
  readonly kubeadm?: string;
  readonly runs?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly isCordoned?: boolean;
  readonly isReady?: boolean;
  /** What kubeadm wrote down at its end. */
  readonly record?: string;
  readonly etcd?: string;
  /** A snapshot was saved. */
  readonly isSaved?: boolean;
  readonly etcdKib?: number;
}

export interface Case {
  readonly wanted?: string;
  readonly hosts: Readonly<Record<string, ModelHost | null>>;
  readonly upgrade?: string;
  readonly limit?: readonly string[];
  /** More of what the inventory says of a host. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly pods?: Json;
  readonly configuration?: string;
  readonly askedFor?: Json;
  readonly ignoreChecks?: string;
}

export const OLD = '1.34.9';
export const NEW = '1.35.6';

/** A plan for machines in service, of which no more is known than what an upgrade asks. */
export async function planOf(given: Case): Promise<Plan> {
  const { wanted = NEW, hosts, limit } = given;
  const cluster = await clusterOf(given);
  const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts: new Map(), limit });
  const answers: Answers = Object.fromEntries(
    [...factsByHost(graph.nodes)].map(([name, facts]) => [name, answersOf(name, facts, given)]),
  );
  return makePlan({
    cluster: 'lab',
    kubernetes: wanted,
    graph,
    answers,
    hosts: Object.keys(hosts).map((name) => ({ name })),
    ignoredChecks: cluster.ignoredChecks,
  });
}

export async function clusterOf({
  wanted = NEW,
  hosts,
  upgrade = '{}',
  ignoreChecks = '[]',
  settings = {},
}: Case): Promise<Cluster> {
  const text = `
kubernetes: {version: ${wanted}, controlPlaneEndpoint: 10.0.0.99:6443}
network: {plugin: none}
upgrade: ${upgrade}
ignoreChecks: ${ignoreChecks}
hosts:
${Object.keys(hosts)
  .map((name, index) =>
    [`  - {name: ${name}, address: 10.0.0.${index + 1}, role: ${roleOf(name)}`, settings[name] ?? ''].join(
      ', ',
    ),
  )
  .map((line) => `${line}}`)
  .join('\n')}
`;
  const { cluster } = await parseInventory(text, {
    path: 'inventory.yaml',
    directory: '/',
    home: '/',
    env: {},
    readFile: () => Promise.reject(new Error('no file')),
  });
  return cluster;
}

/** What a host says: as a bare one, but for what an upgrade asks. */
export function answersOf(name: string, facts: readonly Fact[], given: Case): HostAnswers {
  const host = given.hosts[name] ?? null;
  const bare = bareAnswers(facts);
  if (host === null) return bare;
  return Object.fromEntries(
    Object.entries(bare).map(([family, own]) => [
      family,
      Object.fromEntries(
        Object.entries(own).map(([key, answer]) => [
          key,
          answerOf(family, JSON.parse(key) as Json, host, given) ?? answer,
        ]),
      ),
    ]),
  );
}

export const roleOf = (name: string): string => (name.startsWith('cp') ? 'control-plane' : 'worker');

const MEMBER: ReadonlySet<string> = new Set([
  '/etc/kubernetes/kubelet.conf',
  '/var/lib/kubelet/pki/kubelet-client-current.pem',
  '/var/lib/kubelet/config.yaml',
]);

function answerOf(
  family: string,
  question: Json,
  host: ModelHost,
  { hosts, wanted = NEW, pods = null, configuration = '', askedFor = null }: Case,
): Json | undefined {
  const installed = host.installed ?? OLD;
  if (family === 'path') {
    const isSaved = host.isSaved === true && question === `/var/backups/etcd/slipway-before-${wanted}.db`;
    return isSaved || MEMBER.has(question as string) ? 'file' : undefined;
  }
  if (family === 'package') {
    const { name } = question as { readonly name: string };
    if (!name.startsWith('kube') || name === 'kubernetes-cni') return undefined;
    const version = name === 'kubeadm' ? (host.kubeadm ?? installed) : installed;
    const isThere = version === wanted;
    return { installed: `${version}-1.1`, isHeld: true, offered: isThere ? null : [`${wanted}-1.1`] };
  }
  if (family.startsWith('file') && (question as JsonObject)['path'] === '/var/lib/slipway/kubeadm-upgrade') {
    return host.record === undefined
      ? undefined
      : { type: 'file', content: `${host.record}\n`, mode: '0644', owner: 'root:root', mtime: null };
  }
  if (family === 'file-mentions' && JSON.stringify(question).includes('kube-apiserver:v'))
    return host.record === wanted;
  if (family === 'etcd-local') return { version: host.etcd ?? '3.6.5-0', sizeKib: host.etcdKib ?? 1000 };
  if (family === 'evictions') return pods;
  if (family === 'deprecated-apis') return askedFor;
  if (family === 'api') return api(hosts, configuration);
  return undefined;
}

const api = (hosts: Case['hosts'], clusterConfiguration: string): Json => ({
  state: 'ready',
  nodes: Object.fromEntries(
    Object.entries(hosts).flatMap(([name, host]) =>
      host === null
        ? []
        : [
            [
              name,
              {
                labels: roleOf(name) === 'worker' ? {} : { 'node-role.kubernetes.io/control-plane': '' },
                annotations: host.annotations ?? {},
                taints: [],
                isCordoned: host.isCordoned === true,
                isReady: host.isReady !== false,
                isLost: false,
                message: host.isReady === false ? 'kubelet is down' : '',
                machineId: `m-${name}`,
                kubeletVersion: `v${host.runs ?? host.installed ?? OLD}`,
                runtimeVersion: 'containerd://1.7.24',
                internalIp: '',
                gpus: {},
              },
            ],
          ],
    ),
  ),
  objects: ['ConfigMap/kubelet-config', 'ConfigMap/kube-proxy', 'DaemonSet/kube-proxy'],
  clusterConfiguration,
  kubelet: { text: 'cgroupDriver: systemd\n', annotations: { 'slipway/kubelet': '{}' } },
  kubeProxy: { text: 'mode: iptables\n', annotations: { 'slipway/kube-proxy': '{}' } },
  kubeProxyPods: {},
});

/** What is to be done about a host in a phase, by address. */
export const outcomes = (
  { nodes }: Plan,
  host: string,
  phase = 'upgrade',
): Readonly<Record<string, Outcome>> =>
  Object.fromEntries(
    nodes
      .filter((node) => node.host === host && node.phase === phase)
      .map((node) => [node.address, node.outcome]),
  );

export const turns = ({ rollouts = [] }: Plan) =>
  rollouts.find(({ daemon }) => daemon === 'upgrade')?.batches;
