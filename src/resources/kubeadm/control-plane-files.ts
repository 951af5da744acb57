import { criSocket } from '#catalog/cri-sockets.ts';
import { KUBEADM_CERTIFICATES } from '#configuration/kubeadm-certificates.ts';
import { controlPlaneFilesOf, irreplaceableOf, memberData } from '#configuration/etcd.ts';
import { KUBEADM_FILES, KUBELET_RESTART, KUBELET_SERVING_FILES } from '#configuration/kubeadm-files.ts';
import { hasInstanceConfiguration, isSelfServing } from '#configuration/kubelet-configuration.ts';
import { type Cluster, controlPlanesOf, firstControlPlane, type Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, changeOr, none, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import { apiNode, isMarked } from '#facts/api.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { STATIC_PODS, type StaticPod, staticPods } from '#facts/static-pods.ts';

import { phasesStep } from './kubeadm-phases.ts';
import { notReady, restartStep } from './static-pods-restart.ts';

/** An API server waits for its etcd. */
const READY_TIMEOUT_MS = 4 * 60_000;

/**
 * Nothing that kubeadm left on a finished control plane is lost. What is, is brought back by kubeadm's own phase for
 * it, and by no more than that: an init would be far too much for a file.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init-phase/ (v1.34)
 */
export function controlPlaneFiles(cluster: Cluster, host: Host): Resource {
  const replaceable = controlPlaneFilesOf(cluster).filter(({ path }) => isMade(cluster, host, path));
  const irreplaceablePaths = irreplaceableOf(cluster);
  const data = memberData(cluster);
  const paths = [
    ...replaceable.map(({ path }) => path),
    ...irreplaceablePaths,
    ...(data === undefined ? [] : [data]),
  ];
  return resource({
    address: 'control-plane-files',
    facts: {
      api: at(CLUSTER, apiNode(host.name)),
      // kubeadm marks a control plane last. In kubelet-finalize, after which only the addons are left, it makes this so.
      isFinalized: fileMentions(KUBEADM_FILES.kubelet, 'kubelet-client-current.pem'),
      pods: staticPods(criSocket(host.runtime)),
      ...Object.fromEntries(paths.map((path) => [path, pathKind(path)])),
    },
    // The kubelet makes its own files, and programs that were restarted are ready, some time after they have started.
    settle: { timeoutMs: READY_TIMEOUT_MS, pauseMs: 1000, looks: 3 },
    diff: ({ api, isFinalized, pods, ...kinds }) => {
      const found: Readonly<Record<string, PathKind>> = kinds;
      const isFirst = host.name === firstControlPlane(cluster).name;
      const isFinished =
        isMarked(api, host.name) || (isFirst && (isFinalized || hasLostKubeconfig(cluster, found)));
      if (!isFinished) return none('it is no finished control plane yet');
      const isLost = (path: string): boolean => found[path] !== 'file' && found[path] !== 'directory';
      const gone = irreplaceablePaths.filter(
        (path) => isLost(path) && !isKeyOfExternalAuthority(path, isLost),
      );
      if (gone.length > 0) return irreplaceable(gone);
      if (data !== undefined && isLost(data)) return etcdLost(cluster, host, data);
      const lost = replaceable.filter(
        ({ path }) => isLost(path) && !isUnneeded(path, { isLost, isFinalized, found }),
      );
      if (lost.length === 0) return changeOr('nothing that kubeadm left here is lost', notReady(pods), []);
      const unsigned = lost.filter(({ phase }) => isLost(authorityKeyOf(phase) ?? KUBEADM_FILES.ca));
      if (unsigned.length > 0) return signedElsewhere(unsigned.map(({ path }) => path));
      const phases = [...new Set(lost.map(({ phase }) => phase))];
      const restarted = podsOf(lost.map(({ path }) => path));
      return change(
        lost.map(({ path, phase }) => ({
          what: path,
          from: null,
          to:
            phase === KUBELET_RESTART ? 'made by the kubelet when it starts' : `kubeadm init phase ${phase}`,
        })),
        [phasesStep(cluster, host, phases), ...(restarted.length > 0 ? [restartStep(host, restarted)] : [])],
        [...restarted, ...(phases.some((phase) => phase.includes('kubelet')) ? ['kubelet.service'] : [])],
      );
    },
  });
}

/** What runs on certificates that were lost, and is to run on the others that are made. */
const podsOf = (paths: readonly string[]): readonly StaticPod[] =>
  STATIC_PODS.filter((pod) =>
    KUBEADM_CERTIFICATES.some(
      (one) => one.pod === pod && (paths.includes(one.path) || paths.includes(keyOf(one.path))),
    ),
  );

/** Whether kubeadm or the kubelet makes a file at all, with this configuration and in this version. */
function isMade(cluster: Cluster, host: Host, path: string): boolean {
  if (path === KUBEADM_FILES.instanceConfiguration) return hasInstanceConfiguration(cluster);
  return isSelfServing(cluster, host) || !KUBELET_SERVING_FILES.includes(path);
}

interface Surroundings {
  readonly isLost: (path: string) => boolean;
  readonly isFinalized: boolean;
  readonly found: Readonly<Record<string, PathKind>>;
}

/**
 * The credentials of a kubelet that does not renew them stand in kubelet.conf itself. Of its serving certificate it makes
 * another when it starts, unless it finds one half of it.
 */
function isUnneeded(path: string, { isLost, isFinalized, found }: Surroundings): boolean {
  if (KUBELET_SERVING_FILES.includes(path)) return KUBELET_SERVING_FILES.every(isLost);
  return path === KUBEADM_FILES.clientCertificate && found[KUBEADM_FILES.kubelet] === 'file' && !isFinalized;
}

/**
 * Whether a first control plane was without kubelet.conf only after its kubelet had run with it: kubeadm writes that file
 * before all that the kubelet starts.
 */
export function hasLostKubeconfig(cluster: Cluster, found: Readonly<Record<string, unknown>>): boolean {
  const data = memberData(cluster);
  return (
    found[KUBEADM_FILES.kubelet] !== 'file' &&
    found[KUBEADM_FILES.clientCertificate] === 'file' &&
    (data === undefined ? found[KUBEADM_FILES.apiServerManifest] === 'file' : found[data] === 'directory')
  );
}

/** Of an authority whose certificates are signed elsewhere, kubeadm never has the key. */
const isKeyOfExternalAuthority = (path: string, isLost: (path: string) => boolean): boolean =>
  path.endsWith('ca.key') && !isLost(path.replace(/key$/, 'crt'));

const PKI = '/etc/kubernetes/pki';

/** What signs that which a phase makes; undefined where nothing is signed. */
function authorityKeyOf(phase: string): string | undefined {
  if (!/^(certs|kubeconfig) /.test(phase)) return undefined;
  if (phase === 'certs front-proxy-client') return `${PKI}/front-proxy-ca.key`;
  return phase.includes('etcd') ? `${PKI}/etcd/ca.key` : `${PKI}/ca.key`;
}

const signedElsewhere = (paths: readonly string[]): Outcome =>
  refused(
    'ControlPlaneFiles',
    `${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} lost, and the key of the authority that signed is not on this host`,
    'have it signed where that key is kept, and put it there: https://kubernetes.io/docs/setup/best-practices/certificates/',
  );

/** What is public of it, the cluster still has. */
const COPIES: Readonly<Record<string, string>> = {
  [`${PKI}/ca.crt`]: `kubectl config view --raw --kubeconfig=/etc/kubernetes/admin.conf -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d >${PKI}/ca.crt`,
  [`${PKI}/front-proxy-ca.crt`]: `kubectl --kubeconfig=/etc/kubernetes/admin.conf -n kube-system get configmap extension-apiserver-authentication -o 'jsonpath={.data.requestheader-client-ca-file}' >${PKI}/front-proxy-ca.crt`,
  [`${PKI}/sa.pub`]: `openssl pkey -in ${PKI}/sa.key -pubout -out ${PKI}/sa.pub`,
};

function irreplaceable(gone: readonly string[]): Outcome {
  const copied = gone.filter((path) => path in COPIES && !gone.includes(keyOf(path)));
  const others = gone.filter((path) => !copied.includes(path));
  const ways = [
    ...(others.length > 0
      ? [`bring ${others.join(', ')} back from a backup, or from the same path of another control plane`]
      : []),
    ...copied.map((path) => COPIES[path]),
  ];
  return refused(
    'ControlPlaneFiles',
    `${gone.join(', ')} ${gone.length === 1 ? 'is' : 'are'} lost, and made anew would be trusted by nothing in the cluster`,
    ways.join('; '),
  );
}

const keyOf = (path: string): string => path.replace(/\.(crt|pub)$/, '.key');

const etcdLost = (cluster: Cluster, host: Host, data: string): Outcome =>
  refused(
    'ControlPlaneFiles',
    `${data} is lost: etcd would begin with an empty cluster`,
    controlPlanesOf(cluster).length > 1
      ? `take it out, and let it join anew: slipway remove ${host.name}, then slipway apply; where all members are lost: slipway etcd restore FILE`
      : 'restore a snapshot: slipway etcd restore FILE',
  );
