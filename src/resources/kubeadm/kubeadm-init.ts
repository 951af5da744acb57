import { memberData } from '#configuration/etcd.ts';
import { initConfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, changeOr, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import type { DetachedStep, Step } from '#core/step.ts';
import { type ApiReady, type ApiState, apiState, isMarked } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { pathKind, type PathKind } from '#facts/path.ts';
import { writeStep } from '#resources/files/diff-file.ts';

import { clearedBy, kubeadmProgram } from './cleared-by.ts';
import { hasLostKubeconfig } from './control-plane-files.ts';
import { lostObjects } from './kubeadm-objects.ts';
import { adminStep, tidyStep, phasesStep, registerStep } from './kubeadm-phases.ts';
import { pulledFirst } from './pulled-first.ts';

const UNIT = KUBEADM_UNITS.init;
const CONFIG = `/run/slipway/${UNIT}.yaml`;
const TROUBLES = nodeTroubles(KUBEADM_FILES.kubeletConfiguration);
/** Most of it is for pulling images over a slow line. */
const INIT_TIMEOUT_MS = 30 * 60_000;
const READY_TIMEOUT_MS = 4 * 60_000;

const MANIFESTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

/**
 * Checks of kubeadm that fail on a control plane which is half done. kubeadm accepts names that do not apply.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks (v1.34)
 */
const startedChecks = ({ kubernetes: { etcd } }: Cluster): readonly string[] => [
  'Port-6443',
  'Port-10250',
  'Port-10257',
  'Port-10259',
  ...(etcd.type === 'stacked'
    ? ['Port-2379', 'Port-2380', `DirAvailable-${etcd.dataDir.replaceAll('/', '-')}`]
    : []),
];

/** By their paths, as `hasLostKubeconfig` takes them. */
const kubeletTraces = (data: string | undefined) =>
  Object.fromEntries(
    [
      KUBEADM_FILES.kubelet,
      KUBEADM_FILES.clientCertificate,
      KUBEADM_FILES.apiServerManifest,
      ...(data === undefined ? [] : [data]),
    ].map((path) => [path, pathKind(path)]),
  );

/**
 * The cluster's first control plane, by `kubeadm init`.
 *
 * An init that was cut off is continued: kubeadm keeps the certificates, kubeconfigs and data that are there, and is told
 * to ignore exactly the checks that fail because of them.
 */
export function kubeadmInit(cluster: Cluster): Resource {
  const host = firstControlPlane(cluster);
  const data = memberData(cluster);
  return resource({
    address: 'kubeadm-init',
    facts: {
      api: apiState,
      cluster: at(CLUSTER, apiState),
      isRunning: detachedRunning(UNIT),
      etcd: pathKind('/etc/kubernetes/manifests/etcd.yaml'),
      'kube-apiserver': pathKind('/etc/kubernetes/manifests/kube-apiserver.yaml'),
      'kube-controller-manager': pathKind('/etc/kubernetes/manifests/kube-controller-manager.yaml'),
      'kube-scheduler': pathKind('/etc/kubernetes/manifests/kube-scheduler.yaml'),
      kubeletConfig: pathKind(KUBEADM_FILES.kubeletConfiguration),
      // kubelet-finalize, after which only the addons are left, makes it so.
      isFinalized: fileMentions(KUBEADM_FILES.kubelet, 'kubelet-client-current.pem'),
      isEmbedded: fileMentions(KUBEADM_FILES.kubelet, 'client-certificate-data'),
      marker: fileContent(KUBEADM_FILES.initMarker),
      authority: pathKind(KUBEADM_FILES.ca),
      program: kubeadmProgram,
      ...kubeletTraces(data),
    },
    // The API server forbids and fails for seconds after it has come up.
    settle: { timeoutMs: READY_TIMEOUT_MS, diagnosis: TROUBLES },
    diff: (answers) => {
      const { api, cluster: known, isRunning, isFinalized, isEmbedded, ...traces } = answers;
      const step = initStep(cluster, ignoredChecks(cluster, traces));
      if (isRunning) {
        return change(
          [{ what: 'kubeadm init', from: 'running, started by an earlier run', to: 'done' }],
          [{ ...step, isUnderWay: true }],
        );
      }
      if (api.state === 'ready' && (isFinalized || isMarked(api, host.name))) {
        return diffMade(cluster, host, api, { isFinalized, isEmbedded });
      }
      // A finished control plane has lost its kubelet or is just starting: init would not help it.
      if (api.state !== 'ready' && (isFinalized || hasLostKubeconfig(cluster, answers))) {
        return unanswering(cluster, host, api);
      }
      if (api.state !== 'ready' && known.state === 'ready') return clusterExists(cluster, known);
      const begun = judgeLeftovers(cluster, host, traces);
      if (typeof begun === 'object') return begun;
      const from = begun ? 'begun, not finished' : null;
      return change(
        [{ what: 'kubeadm init', from, to: initConfig(cluster) }],
        [...(begun ? [tidyStep] : []), markStep(cluster), step],
      );
    },
  });
}

/** Another control plane answers: an init here would make a second cluster. */
function clusterExists(cluster: Cluster, { nodes }: ApiReady): Outcome {
  const { name } = firstControlPlane(cluster);
  const others = cluster.hosts.filter((host) => host.role === 'control-plane' && host.name in nodes);
  const other = others.find((host) => host.name !== name)?.name ?? 'another control plane';
  return refused(
    'ClusterExists',
    `${name} runs no API server, and the cluster ${cluster.name} answers through ${other}: kubeadm init would make a second cluster`,
    `if ${name} is to join that cluster anew, list ${other} before it in the inventory; if its API server is only down, mend that: crictl ps -a, journalctl -u kubelet`,
  );
}

/** A control plane that was made: what is lost of it, or was not made yet, comes by the phases that make it. */
function diffMade(
  cluster: Cluster,
  host: Host,
  api: ApiReady,
  { isFinalized, isEmbedded }: { readonly isFinalized: boolean; readonly isEmbedded: boolean },
): Outcome {
  const { differences, steps } = lostObjects(cluster, host, api);
  const isUnregistered = api.nodes[host.name] === undefined;
  const isUnfinished =
    isEmbedded && !isFinalized && cluster.kubernetes.kubelet['rotateCertificates'] !== false;
  const finalize = 'kubelet-finalize all';
  return changeOr(
    `the control plane answers at ${cluster.kubernetes.controlPlaneEndpoint}`,
    [
      ...differences,
      ...(isUnfinished
        ? [
            {
              what: KUBEADM_FILES.kubelet,
              from: 'with a certificate that nobody renews',
              to: `kubeadm init phase ${finalize}`,
            },
          ]
        : []),
      ...(isUnregistered ? [{ what: 'node', from: null, to: host.name }] : []),
    ],
    [
      ...steps,
      ...(isUnfinished ? [phasesStep(cluster, host, [finalize])] : []),
      ...(isUnregistered ? [registerStep] : []),
    ],
  );
}

/** The binding that gives the admin's kubeconfig its rights is lost: kubeadm makes it with another one, before all else. */
function unanswering(cluster: Cluster, host: Host, api: ApiState): Outcome {
  const from = api.state === 'unreachable' ? api.why : 'not asked: /etc/kubernetes/admin.conf is lost';
  const isForbidden = /User "kubernetes-admin" cannot/.test(from);
  return change(
    [{ what: 'API server', from, to: 'answering' }],
    isForbidden ? [adminStep(cluster, host)] : [],
  );
}

interface Leftovers extends Readonly<Record<string, unknown>> {
  readonly marker: FileAnswer;
  readonly kubeletConfig: PathKind;
  readonly authority: PathKind;
  readonly program: PathKind;
}

/**
 * Whether an init was begun here; refused where it was not slipway's, or was one of another configuration: on what
 * another cluster left behind, or on certificates for another address, nothing can be built.
 */
function judgeLeftovers(
  cluster: Cluster,
  host: Host,
  { marker, kubeletConfig, authority, program, ...paths }: Leftovers,
): boolean | Outcome {
  const wanted = initConfig(cluster);
  const data = memberData(cluster);
  const { name } = host;
  const found = [
    ...MANIFESTS.filter((manifest) => paths[manifest] === 'file').map(
      (manifest) => `/etc/kubernetes/manifests/${manifest}.yaml`,
    ),
    ...(kubeletConfig === 'file' ? [KUBEADM_FILES.kubeletConfiguration] : []),
    ...(data === undefined || paths[data] === 'absent' ? [] : [data]),
  ];
  if (marker.content === null) {
    if (found.length === 0) return false;
    return refused(
      'Leftovers',
      `${name} is in no cluster that answers, and has ${found.join(', ')}, which are not slipway's`,
      `if nothing of that is needed any more, clear it on ${name}: ${clearedBy(host, found, program)}`,
    );
  }
  if (marker.content === wanted) return true;
  // It was cut off before it had made anything, even a certificate.
  if (found.length === 0 && authority === 'absent') return false;
  return refused(
    'InitConfiguration',
    `kubeadm init was begun on ${name} with another configuration: ${changedLines(marker.content, wanted)}`,
    `what it has made so far rests on that one; clear it on ${name}: ${clearedBy(host, [...found, '/etc/kubernetes/pki'], program)}`,
  );
}

/** The first lines that are in one text and not in the other. */
function changedLines(from: string, to: string): string {
  const [was, is] = [from, to].map((text) => text.split('\n').map((line) => line.trim()));
  const gone = was?.filter((line) => is?.includes(line) === false).slice(0, 3) ?? [];
  const come = is?.filter((line) => was?.includes(line) === false).slice(0, 3) ?? [];
  return `${gone.join(', ') || 'nothing'} then, ${come.join(', ') || 'nothing'} now`;
}

const markStep = (cluster: Cluster): Step =>
  writeStep({ path: KUBEADM_FILES.initMarker, content: initConfig(cluster), mode: 0o600 });

function ignoredChecks(cluster: Cluster, found: Readonly<Record<string, unknown>>): readonly string[] {
  const manifests = MANIFESTS.filter((name) => found[name] === 'file').map(
    (name) => `FileAvailable--etc-kubernetes-manifests-${name}.yaml`,
  );
  return [...manifests, ...(found['kubeletConfig'] === 'file' ? startedChecks(cluster) : [])];
}

function initStep(cluster: Cluster, resumed: readonly string[]): DetachedStep {
  const ignored = [...cluster.kubernetes.ignorePreflightErrors, ...resumed];
  return {
    do: 'detached',
    summary: resumed.length > 0 ? 'kubeadm init, going on where it was cut off' : 'kubeadm init',
    unit: UNIT,
    argv: pulledFirst(cluster, firstControlPlane(cluster), [
      'kubeadm',
      'init',
      `--config=${CONFIG}`,
      '--skip-token-print',
      ...(ignored.length > 0 ? [`--ignore-preflight-errors=${ignored.join(',')}`] : []),
    ]),
    files: { [CONFIG]: initConfig(cluster) },
    timeoutMs: INIT_TIMEOUT_MS,
  };
}
