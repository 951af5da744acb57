import { minorNumber } from '#catalog/kubernetes.ts';
import { isExternal, memberData } from '#configuration/etcd.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import { type Cluster, controlPlanesOf, type Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import { change, none, resource, type Resource } from '#core/resource.ts';
import { type ApiNodes, apiState, isMarked } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { fileContent } from '#facts/file.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { resetStep } from '#resources/removal/kubeadm-reset.ts';
import { ownMemberStep } from '#resources/removal/removed-member.ts';

/** What tells how far a join has come; all but the first only on a control plane. */
export interface JoinTraces {
  readonly credentials: PathKind;
  readonly bootstrap?: PathKind;
  readonly apiServerManifest?: PathKind;
  /** Absent where etcd has no members on control planes. */
  readonly etcdData?: PathKind;
}

const TRACES = {
  credentials: pathKind(KUBEADM_FILES.clientCertificate),
  bootstrap: pathKind(KUBEADM_FILES.bootstrap),
  apiServerManifest: pathKind(KUBEADM_FILES.apiServerManifest),
} as const;

/** Made once for all hosts. */
export const joinTraces = rememberLast((cluster: Cluster) => {
  const data = memberData(cluster);
  return { ...TRACES, ...(data !== undefined && { etcdData: pathKind(data) }) };
});

/** What there is of a join once `kubeadm reset` has taken it away. */
export const NO_TRACES = {
  credentials: 'absent',
  bootstrap: 'absent',
  apiServerManifest: 'absent',
  etcdData: 'absent',
} as const;

/**
 * From 1.33 on the kubelet of a control plane gets its credentials from its own API server, so after etcd has joined; then
 * kubeadm takes the bootstrap file away.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/#feature-gates (ControlPlaneKubeletLocalMode, v1.34)
 */
const ETCD_BEFORE_CREDENTIALS_MINOR = 33;

/**
 * Whether a join was cut off after kubeadm had written static pods, and before etcd had joined. kubeadm would refuse to
 * join where those are. That the node is not labelled as a control plane is no proof of it: a label is taken away in a
 * moment, and what would be reset is then a control plane that works.
 */
export function isHalfControlPlane(
  { kubernetes: { version } }: Cluster,
  { name, role }: Host,
  api: ApiNodes,
  { credentials, bootstrap, apiServerManifest, etcdData }: JoinTraces,
): boolean {
  if (role !== 'control-plane' || api.state !== 'ready' || isMarked(api, name)) return false;
  const hasNotJoined = bootstrap === 'file' || etcdData === 'absent';
  if (credentials !== 'file') return hasNotJoined && apiServerManifest === 'file';
  if (hasNotJoined) return true;
  return minorNumber(version) < ETCD_BEFORE_CREDENTIALS_MINOR && api.nodes[name] !== undefined;
}

/**
 * An unfinished control plane is reset. Its kubelet and its etcd go on running, and a second join would fail because
 * etcd has the member already, which is taken out before, where it has members on control planes. That is done only on a machine that this
 * cluster knows as an unfinished control plane.
 */
export function noHalfControlPlane(cluster: Cluster, host: Host): Resource {
  return resource({
    address: 'half-control-plane',
    facts: {
      api: at(CLUSTER, apiState),
      isRunning: detachedRunning(KUBEADM_UNITS.join),
      authority: fileContent(KUBEADM_FILES.ca),
      clusterAuthority: at(CLUSTER, fileContent(KUBEADM_FILES.ca)),
      ...joinTraces(cluster),
    },
    diff: ({ api, isRunning, authority, clusterAuthority, ...traces }) => {
      if (api.state === 'unreachable') return waitsForApi('the nodes of the cluster');
      if (isRunning || !isHalfControlPlane(cluster, host, api, traces)) {
        return none('no join was cut off half-way');
      }
      // The cluster knows no node that has no credentials: then its authority says whose machine it is.
      if (traces.credentials !== 'file' && authority.content !== clusterAuthority.content) {
        return none('what is there is of another cluster');
      }
      const others = controlPlanesOf(cluster).filter(({ name }) => isMarked(api, name));
      const isWithoutMember = isExternal(cluster);
      return change(
        [
          {
            what: 'kubeadm join',
            from: isWithoutMember ? 'cut off before it was done' : 'cut off while etcd joined',
            to: null,
          },
        ],
        [
          ...(isWithoutMember ? [] : [ownMemberStep(host, others)]),
          resetStep(cluster, host, 'kubeadm reset of the unfinished control plane'),
        ],
      );
    },
  });
}
