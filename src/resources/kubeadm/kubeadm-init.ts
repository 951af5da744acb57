import { initConfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, none, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import { type ApiReady, type ApiState, apiState } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { journalOf } from '#facts/diagnosis.ts';
import { pathKind, type PathKind } from '#facts/path.ts';

const UNIT = KUBEADM_UNITS.init;
const CONFIG = `/run/slipway/${UNIT}.yaml`;
/** Most of it is for pulling images over a slow line. */
const INIT_TIMEOUT_MS = 30 * 60_000;
const READY_TIMEOUT_MS = 4 * 60_000;

const MANIFESTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

/**
 * Checks of kubeadm that fail on a control plane which is half done. kubeadm accepts names that do not apply.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks (v1.34)
 */
const STARTED_CHECKS = [
  'Port-6443',
  'Port-10250',
  'Port-10257',
  'Port-10259',
  'Port-2379',
  'Port-2380',
  'DirAvailable--var-lib-etcd',
] as const;

/**
 * The cluster's first control plane, by `kubeadm init`.
 *
 * An init that was cut off is continued: kubeadm keeps the certificates, kubeconfigs and data that are there, and is told
 * to ignore exactly the checks that fail because of them.
 */
export function kubeadmInit(cluster: Cluster): Resource {
  const host = firstControlPlane(cluster);
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
      kubeletConfig: pathKind('/var/lib/kubelet/config.yaml'),
      // kubelet-finalize, after which only the addons are left, makes it so.
      isFinalized: fileMentions('/etc/kubernetes/kubelet.conf', 'kubelet-client-current.pem'),
      certificateAuthority: pathKind('/etc/kubernetes/pki/ca.crt'),
    },
    // The API server forbids and fails for seconds after it has come up.
    settle: { timeoutMs: READY_TIMEOUT_MS, diagnosis: journalOf('kubelet') },
    diff: ({
      api,
      cluster: known,
      isRunning,
      isFinalized,
      kubeletConfig,
      certificateAuthority,
      ...paths
    }) => {
      const step = initStep(cluster, ignoredChecks(paths, kubeletConfig));
      if (isRunning) {
        return change(
          [{ what: 'kubeadm init', from: 'running, started by an earlier run', to: 'done' }],
          [step],
        );
      }
      if (isComplete(api, host))
        return none(`the control plane answers at ${cluster.kubernetes.controlPlaneEndpoint}`);
      // A finished control plane has lost its kubelet or is just starting: init would not help it.
      if (api.state === 'unreachable' && isFinalized)
        return change([{ what: 'API server', from: api.why, to: 'answering' }]);
      if (api.state !== 'ready' && known.state === 'ready') return clusterExists(cluster, known);
      const from = certificateAuthority === 'absent' ? null : 'begun, not finished';
      return change([{ what: 'kubeadm init', from, to: initConfig(cluster) }], [step]);
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

/** kubeadm's last phase adds CoreDNS, then kube-proxy: when both are there, all is. */
function isComplete(api: ApiState, { name }: Host): boolean {
  if (api.state !== 'ready') return false;
  const node = api.nodes[name];
  return (
    node !== undefined &&
    'node-role.kubernetes.io/control-plane' in node.labels &&
    api.objects.includes('Deployment/coredns') &&
    api.objects.includes('DaemonSet/kube-proxy')
  );
}

function ignoredChecks(
  paths: Readonly<Record<string, PathKind>>,
  kubeletConfig: PathKind,
): readonly string[] {
  const manifests = MANIFESTS.filter((name) => paths[name] === 'file').map(
    (name) => `FileAvailable--etc-kubernetes-manifests-${name}.yaml`,
  );
  return [...manifests, ...(kubeletConfig === 'file' ? STARTED_CHECKS : [])];
}

function initStep(cluster: Cluster, resumed: readonly string[]): Step {
  const ignored = [...cluster.kubernetes.ignorePreflightErrors, ...resumed];
  return {
    do: 'detached',
    summary: resumed.length > 0 ? 'kubeadm init, going on where it was cut off' : 'kubeadm init',
    unit: UNIT,
    argv: [
      'kubeadm',
      'init',
      `--config=${CONFIG}`,
      '--skip-token-print',
      ...(ignored.length > 0 ? [`--ignore-preflight-errors=${ignored.join(',')}`] : []),
    ],
    files: { [CONFIG]: initConfig(cluster) },
    timeoutMs: INIT_TIMEOUT_MS,
  };
}
