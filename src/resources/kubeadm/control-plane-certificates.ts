import { criSocket } from '#catalog/cri-sockets.ts';
import { EXTERNAL_ETCD_FILES } from '#catalog/etcd-paths.ts';
import {
  ADMIN_KUBECONFIG,
  APISERVER_CERTIFICATE,
  AUTHORITIES,
  type KubeadmCertificate,
  ROOT_KUBECONFIG,
} from '#configuration/kubeadm-certificates.ts';
import { authoritiesOf, certificatesOf, isExternal } from '#configuration/etcd.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { at, CLUSTER, type Fact } from '#core/fact.ts';
import {
  change,
  type Difference,
  none,
  noted,
  type Outcome,
  type Resource,
  resource,
} from '#core/resource.ts';
import { apiNode, isMarked } from '#facts/api.ts';
import type { CertificateAnswer } from '#facts/certificates.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { STATIC_PODS, type StaticPod, staticPods, type StaticPodsAnswer } from '#facts/static-pods.ts';
import { type UnitAnswer, unitState } from '#facts/unit.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { isNewer } from '#resources/host/unit.ts';

import { endOf, hostCertificates } from './certificate-facts.ts';
import { lackingNames } from './certificate-names.ts';
import { reissueStep, renewStep } from './kubeadm-phases.ts';
import { notReady, restartStep } from './static-pods-restart.ts';

/** Programs of a control plane come up within a minute; an API server waits for its etcd, and etcd for the others. */
const TIMEOUT_MS = 4 * 60_000;
/** Longer than a kubelet takes to start what was ended. */
const OVERTAKEN_MS = 15_000;

interface Found {
  /** Those that kubeadm renews, in this cluster. */
  readonly renewable: readonly KubeadmCertificate[];
  readonly certificates: readonly CertificateAnswer[];
  readonly pods: StaticPodsAnswer;
  readonly kubelet: UnitAnswer;
  /** Whether it is a control plane of the cluster, and no longer on the way to become one. */
  readonly isFinished: boolean;
  /** Authorities whose key is on this host. */
  readonly signing: ReadonlySet<string>;
}

/**
 * The certificates of a control plane, and that its programs run on them. Those that have ended are renewed, and those
 * that end soon where the inventory says so; one that lacks names is made anew. Programs that were started before their
 * certificates were written are restarted, so a restart that a run did not come to is not lost. Control planes do so one
 * after another, each until its API server is ready.
 *
 * @param isClusterHost whether the cluster is asked through this very host, which is silent while its API server comes up.
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/ (v1.34)
 */
export function controlPlaneCertificates(cluster: Cluster, host: Host, isClusterHost: boolean): Resource {
  const renewable = certificatesOf(cluster);
  return {
    ...resource({
      address: 'control-plane-certificates',
      facts: {
        certificates: hostCertificates(cluster, 'control-plane'),
        pods: staticPods(criSocket(host.runtime)),
        kubelet: unitState('kubelet'),
        api: at(CLUSTER, apiNode(host.name)),
        // Nearly the last thing that kubeadm does on a first control plane.
        isFinalized: fileMentions(KUBEADM_FILES.kubelet, 'kubelet-client-current.pem'),
        ...AUTHORITY_KEYS,
      },
      settle: {
        timeoutMs: TIMEOUT_MS,
        // A kubelet that was brought back just before may have started them while they were renewed.
        remedy: {
          afterMs: OVERTAKEN_MS,
          steps: ({ certificates, pods, kubelet }) => {
            const stale = restartedPods(
              { renewable, kubelet, pods },
              new Set(),
              staleSince({ renewable, certificates, pods }),
            );
            return stale.length > 0 ? [restartStep(host, stale)] : [];
          },
        },
        diagnosis: nodeTroubles(KUBEADM_FILES.kubeletConfiguration),
      },
      diff: ({ certificates, pods, kubelet, api, isFinalized, ...kinds }) => {
        const keys: Readonly<Record<string, PathKind>> = kinds;
        const signing = new Set(authoritiesOf(cluster).filter((path) => keys[`${path}.key`] === 'file'));
        const isFinished =
          isMarked(api, host.name) || (isClusterHost && isFinalized && api.state === 'unreachable');
        return decideOn(cluster, host, { renewable, certificates, pods, kubelet, isFinished, signing });
      },
    }),
    daemon: { name: 'control plane' },
  };
}

const AUTHORITY_KEYS: Readonly<Record<string, Fact<PathKind>>> = Object.fromEntries(
  AUTHORITIES.map((path) => [`${path}.key`, pathKind(`${path}.key`)]),
);

function decideOn(cluster: Cluster, host: Host, found: Found): Outcome {
  const known = new Map(found.certificates.map((one) => [one.path, one]));
  const { renewable } = found;
  const ending = renewable.filter(({ path }) => {
    const state = known.get(path)?.state;
    return state === 'expired' || state === 'due';
  });
  const lacking = lackingNames(cluster, known.get(APISERVER_CERTIFICATE));
  const isReissued = lacking.length > 0 && found.signing.has(AUTHORITIES[0]);
  const renewed = ending.filter(({ path, authority }) => {
    const isWanted = cluster.certificates.renewBeforeMs !== undefined || known.get(path)?.state === 'expired';
    return isWanted && found.signing.has(authority) && !(isReissued && path === APISERVER_CERTIFICATE);
  });
  const touched = new Set([
    ...renewed.map(({ path }) => path),
    ...(isReissued ? [APISERVER_CERTIFICATE] : []),
  ]);
  const stale = staleSince(found);
  const restarted = restartedPods(found, touched, stale);
  const differences = [
    ...renewals(renewed, known),
    ...(isReissued
      ? [{ what: 'names of apiserver', from: null, to: lacking.join(', ') } satisfies Difference]
      : []),
    ...stale
      .filter((pod) => !renewable.some((one) => one.pod === pod && touched.has(one.path)))
      .map((pod) => ({ what: pod, from: 'running on former certificates', to: 'started anew' })),
    ...waitedFor(found, restarted),
  ];
  const notes = [
    ...endingNotes(
      ending.filter(({ path }) => !touched.has(path)),
      known,
      found,
    ),
    ...authorityNotes(known),
    ...(isExternal(cluster) ? etcdClientNotes(known) : []),
    ...copyNotes(touched, known),
    ...(lacking.length > 0 && !isReissued
      ? [signedElsewhere(['apiserver'], `names ${lacking.join(', ')}`)]
      : []),
  ];
  if (differences.length === 0) return noted(none('nothing of what kubeadm signed is to be renewed'), notes);
  const steps = [
    ...(renewed.length > 0
      ? [
          renewStep(
            cluster,
            host,
            renewed.map(({ name }) => name),
          ),
        ]
      : []),
    ...(isReissued ? [reissueStep(cluster, host)] : []),
    ...(restarted.length > 0 ? [restartStep(host, restarted)] : []),
  ];
  const restarts = restarted.length > 0 ? restarted : unreadyPods(differences);
  const copies = copyNotes(touched, known);
  const changed = change(differences, steps, restarts);
  return noted(copies.length > 0 ? { ...changed, afterwards: copies } : changed, notes);
}

/** One line for those that end on the same day. */
const renewals = (
  renewed: readonly KubeadmCertificate[],
  known: ReadonlyMap<string, CertificateAnswer>,
): readonly Difference[] =>
  byEnd(renewed, known).map(([from, names]) => ({ what: names, from, to: 'renewed by kubeadm' }));

/** `[['ends on 2026-12-18', 'apiserver, etcd-peer']]` */
function byEnd(
  ending: readonly KubeadmCertificate[],
  known: ReadonlyMap<string, CertificateAnswer>,
): readonly (readonly [string, string])[] {
  const days = Map.groupBy(ending, ({ path }) => {
    const one = known.get(path);
    return one === undefined ? '' : endOf(one);
  });
  return [...days].map(([day, same]) => [day, same.map(({ name }) => name).join(', ')]);
}

/** Programs that were started before one of their certificates was written. */
function staleSince({
  renewable,
  certificates,
  pods: { createdAt },
}: Pick<Found, 'renewable' | 'certificates' | 'pods'>): readonly StaticPod[] {
  const times = new Map(certificates.map(({ path, mtime }) => [path, mtime]));
  return STATIC_PODS.filter((pod) =>
    renewable.some((one) => one.pod === pod && isNewer(times.get(one.path) ?? null, createdAt[pod] ?? null)),
  );
}

/** Without its kubelet, nothing that is stopped comes up again. It starts all on what there is then. */
function restartedPods(
  { renewable, kubelet, pods: { createdAt } }: Pick<Found, 'renewable' | 'kubelet' | 'pods'>,
  touched: ReadonlySet<string>,
  stale: readonly StaticPod[],
): readonly StaticPod[] {
  if (kubelet.active !== 'active') return [];
  return STATIC_PODS.filter(
    (pod) =>
      createdAt[pod] !== undefined &&
      (stale.includes(pod) || renewable.some((one) => one.pod === pod && touched.has(one.path))),
  );
}

/** A finished control plane whose programs were started a short time ago: nobody else may restart his before it is ready. */
function waitedFor(
  { renewable, certificates, pods, isFinished }: Found,
  restarted: readonly StaticPod[],
): readonly Difference[] {
  if (restarted.length > 0 || !isFinished) return [];
  const paths = new Set(certificates.map(({ path }) => path));
  const isWhole =
    STATIC_PODS.every(
      (pod) => pods.createdAt[pod] !== undefined || !renewable.some((one) => one.pod === pod),
    ) && renewable.every(({ pod, path }) => pod === undefined || paths.has(path));
  return isWhole ? notReady(pods) : [];
}

/** Hosts that are only waited for take their turn first. */
const unreadyPods = (differences: readonly Difference[]): readonly string[] =>
  differences.some(({ to }) => to === 'ready') ? ['kube-apiserver'] : [];

function endingNotes(
  left: readonly KubeadmCertificate[],
  known: ReadonlyMap<string, CertificateAnswer>,
  { signing }: Found,
): readonly string[] {
  const [here, elsewhere] = [
    left.filter(({ authority }) => signing.has(authority)),
    left.filter(({ authority }) => !signing.has(authority)),
  ];
  return [
    ...byEnd(here, known).map(
      ([day, names]) =>
        `${plural(names, day)}: certificates: {renewBefore: 30d} in the inventory has them renewed`,
    ),
    ...byEnd(elsewhere, known).map(([day, names]) => signedElsewhere([names], day)),
  ];
}

/** `apiserver, etcd-peer end on 2026-12-18`. */
const plural = (names: string, day: string): string =>
  names.includes(', ') ? `${names} ${day.replace('ends', 'end')}` : `${names} ${day}`;

const signedElsewhere = (names: readonly string[], what: string): string =>
  `${names.join(', ')} (${what}) can only be signed where the key of its authority is kept: kubeadm certs generate-csr`;

const authorityNotes = (known: ReadonlyMap<string, CertificateAnswer>): readonly string[] =>
  AUTHORITIES.flatMap((path) => {
    const one = known.get(`${path}.crt`);
    return one?.state === 'due' || one?.state === 'expired'
      ? [
          `the authority ${path}.crt ${endOf(one)}, and with it all that it has signed: kubeadm does not renew it`,
        ]
      : [];
  });

/** Whoever runs the external etcd signs it. */
function etcdClientNotes(known: ReadonlyMap<string, CertificateAnswer>): readonly string[] {
  const one = known.get(EXTERNAL_ETCD_FILES.cert);
  return one?.state === 'due' || one?.state === 'expired'
    ? [
        `the certificate that API servers show to etcd ${endOf(one)}: have another one signed where its etcd is looked after, and name it in kubernetes.etcd.external`,
      ]
    : [];
}

/** Kubeconfigs of people are copies of admin.conf: they go on with the former certificate. */
function copyNotes(
  touched: ReadonlySet<string>,
  known: ReadonlyMap<string, CertificateAnswer>,
): readonly string[] {
  const admin = known.get(`/etc/kubernetes/${ADMIN_KUBECONFIG}`);
  const copy = known.get(ROOT_KUBECONFIG);
  const isRenewed = admin !== undefined && touched.has(admin.path);
  return [
    ...(isRenewed
      ? [
          `kubeconfigs that were made of admin.conf hold its former certificate, which ${endOf(admin)}: fetch them again, slipway kubeconfig`,
        ]
      : []),
    ...(copy !== undefined && (isRenewed || copy.state === 'due' || copy.state === 'expired')
      ? [
          `${ROOT_KUBECONFIG} holds a certificate that ${endOf(copy)}: cp /etc/kubernetes/admin.conf ${ROOT_KUBECONFIG}`,
        ]
      : []),
  ];
}
