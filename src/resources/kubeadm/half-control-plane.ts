import { minorNumber } from '#catalog/kubernetes.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, none, resource, type Resource } from '#core/resource.ts';
import { type ApiState, apiState, isMarked } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { resetStep } from '#resources/removal/kubeadm-reset.ts';

/** What tells how far a join has come; the last two only on a control plane. */
export interface JoinTraces {
  readonly credentials: PathKind;
  readonly bootstrap?: PathKind;
  readonly etcdData?: PathKind;
}

export const joinTraces = {
  credentials: pathKind(KUBEADM_FILES.clientCertificate),
  bootstrap: pathKind(KUBEADM_FILES.bootstrap),
  etcdData: pathKind(KUBEADM_FILES.etcdData),
} as const;

/**
 * From 1.33 on kubeadm waits for the kubelet's credentials, and takes the bootstrap file away, after etcd has joined.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/#feature-gates (ControlPlaneKubeletLocalMode, v1.34)
 */
const ETCD_BEFORE_CREDENTIALS_MINOR = 33;

/**
 * Whether a join was cut off while etcd joined. That the node is not labelled as a control plane is no proof of it: a
 * label is taken away in a moment, and what would be reset is then a control plane that works.
 */
export function isHalfControlPlane(
  { kubernetes: { version } }: Cluster,
  { name, role }: Host,
  api: ApiState,
  { credentials, bootstrap, etcdData }: JoinTraces,
): boolean {
  if (role !== 'control-plane' || api.state !== 'ready' || credentials !== 'file') return false;
  if (isMarked(api, name)) return false;
  if (bootstrap === 'file' || etcdData === 'absent') return true;
  return minorNumber(version) < ETCD_BEFORE_CREDENTIALS_MINOR && api.nodes[name] !== undefined;
}

/**
 * An unfinished control plane is reset. Its kubelet and its etcd go on running, and a second join would fail because
 * etcd has the member already; `kubeadm reset` takes the member out again. That is done only on a machine that this
 * cluster knows as an unfinished control plane.
 */
export function noHalfControlPlane(cluster: Cluster, host: Host): Resource {
  return resource({
    address: 'half-control-plane',
    facts: {
      api: at(CLUSTER, apiState),
      isRunning: detachedRunning(KUBEADM_UNITS.join),
      ...joinTraces,
    },
    diff: ({ api, isRunning, ...traces }) => {
      if (api.state === 'unreachable') return waitsForApi('the nodes of the cluster');
      if (isRunning || !isHalfControlPlane(cluster, host, api, traces)) {
        return none('no join was cut off half-way');
      }
      return change(
        [{ what: 'kubeadm join', from: 'cut off while etcd joined', to: null }],
        [resetStep(host, 'kubeadm reset of the unfinished control plane')],
      );
    },
  });
}
