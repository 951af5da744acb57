import { joinConfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { type AnswersOf, at, CLUSTER } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import { change, deferred, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import { maskedText } from '#core/secret.ts';
import { lines, sh } from '#core/shell.ts';
import type { DetachedStep } from '#core/step.ts';
import { apiNode, isMarked, type ReadyNodes } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { fileContent } from '#facts/file.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

import { hostCertificates } from './certificate-facts.ts';
import { clearedBy, kubeadmProgram } from './cleared-by.ts';
import { isHalfControlPlane, joinTraces, NO_TRACES } from './half-control-plane.ts';
import { bootstrapAnew, finishJoin, lostFiles, nodeFiles } from './joined-node.ts';
import { removeCredentialsStep, tidyStep } from './kubeadm-phases.ts';
import { hasExpiredCredentials } from './kubelet-certificates.ts';
import { pulledFirst } from './pulled-first.ts';

const UNIT = KUBEADM_UNITS.join;
const CONFIG = `/run/slipway/${UNIT}.yaml`;
const TROUBLES = nodeTroubles(KUBEADM_FILES.kubeletConfiguration);
const JOIN_TIMEOUT_MS = 15 * 60_000;
/** A kubelet that has its bootstrap credentials joins alone within seconds. */
const KUBELET_ALONE_SECONDS = 20;
const FACTS = {
  isRunning: detachedRunning(UNIT),
  kubeletConfig: pathKind(KUBEADM_FILES.kubelet),
  certificateAuthority: fileContent(KUBEADM_FILES.ca),
  clusterAuthority: at(CLUSTER, fileContent(KUBEADM_FILES.ca)),
  isStarted: pathKind(KUBEADM_FILES.kubeletConfiguration),
  program: kubeadmProgram,
  ...nodeFiles,
};

/** Made once for all hosts of a role. */
const roleFacts = {
  worker: rememberLast((cluster: Cluster) => ({
    ...FACTS,
    ...joinTraces(cluster),
    certificates: hostCertificates(cluster, 'worker'),
  })),
  'control-plane': rememberLast((cluster: Cluster) => ({
    ...FACTS,
    ...joinTraces(cluster),
    certificates: hostCertificates(cluster, 'control-plane'),
  })),
};

const factsOf = (cluster: Cluster, { name, role }: Host) => ({
  ...roleFacts[role](cluster),
  api: at(CLUSTER, apiNode(name)),
});

/**
 * A machine's membership in the cluster, by `kubeadm join`.
 *
 * A join that was cut off is continued. If the kubelet had not been started, kubeadm joins again and ignores what is
 * there already; if it had, the kubelet finishes the join by itself. A control plane whose etcd had begun to join cannot
 * continue: it is reset first, see `noHalfControlPlane`.
 */
export function kubeadmJoin(cluster: Cluster, host: Host): Resource {
  return resource({
    address: 'kubeadm-join',
    facts: factsOf(cluster, host),
    settle: { timeoutMs: 60_000, diagnosis: TROUBLES },
    diff: (answers) => diffJoin(cluster, host, answers),
  });
}

type Answers = AnswersOf<ReturnType<typeof factsOf>>;

function diffJoin(cluster: Cluster, host: Host, answers: Answers): Outcome {
  const controlPlane = firstControlPlane(cluster).name;
  const { api, isRunning, kubeletConfig, bootstrap, isStarted } = answers;
  const { certificateAuthority, clusterAuthority } = answers;
  // Those of a control plane kubeadm has made anew by now, without the API server.
  const isExpired = host.role === 'worker' && hasExpiredCredentials(answers.certificates);
  const hasCredentials = answers.credentials === 'file' && !isExpired;
  if (api.state !== 'ready') {
    // With the authority of the control plane, it is this cluster that it joined: only admin.conf is lost there.
    const isOurs =
      clusterAuthority.content !== null && certificateAuthority.content === clusterAuthority.content;
    if (api.state === 'absent' && hasCredentials && !isOurs)
      return joinedElsewhere(host, `${controlPlane} has none`, answers.program);
    return waitsForApi('a join token and the hash of the CA', api, () =>
      diffJoin(cluster, host, { ...answers, api: NO_NODES }),
    );
  }
  const ignored = [
    ...(kubeletConfig === 'file' ? ['FileAvailable--etc-kubernetes-kubelet.conf'] : []),
    ...(bootstrap === 'file' ? ['FileAvailable--etc-kubernetes-bootstrap-kubelet.conf'] : []),
    ...(certificateAuthority.type === 'file' ? ['FileAvailable--etc-kubernetes-pki-ca.crt'] : []),
    ...(isStarted === 'file' ? ['Port-10250'] : []),
  ];
  if (isRunning) {
    return change(
      [{ what: 'kubeadm join', from: 'running, started by an earlier run', to: 'done' }],
      [{ ...joinStep(cluster, host, ignored), isUnderWay: true }],
    );
  }
  if (
    (certificateAuthority.content ?? '') !== '' &&
    certificateAuthority.content !== clusterAuthority.content
  ) {
    return hasCredentials
      ? joinedElsewhere(host, `not the one of ${controlPlane}: it trusts another authority`, answers.program)
      : leftovers(host, KUBEADM_FILES.ca, answers.program);
  }
  if (isHalfControlPlane(cluster, host, api, answers)) {
    return deferred(
      { host: host.name, phase: 'join' },
      'a machine that is free of its half-done join',
      diffJoin(cluster, host, {
        ...answers,
        ...NO_TRACES,
        kubeletConfig: 'absent',
        isStarted: 'absent',
        certificateAuthority: { ...certificateAuthority, type: 'absent', content: null },
      }),
    );
  }
  const isRegistered = api.nodes[host.name] !== undefined;
  if (hasCredentials) {
    return finishJoin(host, {
      hasBootstrapConfig: bootstrap === 'file',
      isRegistered,
      lost: lostFiles(cluster, host, answers),
    });
  }
  // Its node is there, so it has had credentials, and a second join would be refused.
  if (isRegistered && isStarted === 'file') {
    return isMarked(api, host.name)
      ? deferred({ host: host.name, phase: 'join' }, "its kubelet's credentials")
      : bootstrapAnew(cluster, host, { ...answers, isExpired });
  }
  return join(cluster, host, { ignored, isExpired });
}

/** As kubeadm init leaves it, to a host that is not in it. */
const NO_NODES: ReadyNodes = { state: 'ready', nodes: {} };

function join(
  cluster: Cluster,
  host: Host,
  { ignored, isExpired }: { readonly ignored: readonly string[]; readonly isExpired: boolean },
): Outcome {
  const from = ignored.length > 0 ? 'begun, not finished' : null;
  const step = joinStep(cluster, host, ignored);
  return change(
    [{ what: 'kubeadm join', from, to: maskedText(step.files[CONFIG] ?? '') }],
    [...(isExpired ? [removeCredentialsStep] : []), ...(ignored.length > 0 ? [tidyStep] : []), step],
  );
}

function joinStep(cluster: Cluster, host: Host, resumed: readonly string[]): DetachedStep {
  const ignored = [...cluster.kubernetes.ignorePreflightErrors, ...resumed];
  const kubeadm = pulledFirst(cluster, host, [
    'kubeadm',
    'join',
    `--config=${CONFIG}`,
    ...(ignored.length > 0 ? [`--ignore-preflight-errors=${ignored.join(',')}`] : []),
  ]);
  return {
    do: 'detached',
    summary: resumed.length > 0 ? 'kubeadm join, going on where it was cut off' : 'kubeadm join',
    unit: UNIT,
    argv: resumed.includes('Port-10250') ? afterKubelet(kubeadm, host) : kubeadm,
    files: { [CONFIG]: joinConfig(cluster, host) },
    timeoutMs: JOIN_TIMEOUT_MS,
  };
}

/**
 * The kubelet may be about to join by itself: it gets time for that before kubeadm runs again. kubelet.conf alone is
 * no sign of it, for the kubelet writes that first. Of a control plane the bootstrap file stays: by it the next look knows
 * that etcd has not joined. Here the host waits, as both are one act of the detached unit, which
 * goes on when the connection is cut.
 */
function afterKubelet(kubeadm: readonly string[], { role }: Host): readonly string[] {
  const { clientCertificate, bootstrap } = KUBEADM_FILES;
  const script = lines(
    sh`i=0; while systemctl is-active --quiet kubelet && [ ! -e ${clientCertificate} ] && [ "$i" -lt ${KUBELET_ALONE_SECONDS} ]; do i=$((i+1)); sleep 1; done`,
    role === 'worker'
      ? sh`[ -e ${clientCertificate} ] && exec rm -f ${bootstrap}`
      : sh`[ -e ${clientCertificate} ] && exit 0`,
    sh`systemctl stop kubelet; exec "$@"`,
  );
  return ['sh', '-c', script, 'sh', ...kubeadm];
}

const leftovers = (host: Host, path: string, program: PathKind): Outcome =>
  refused(
    'Leftovers',
    `${host.name} has ${path} of another cluster`,
    `if nothing of that is needed any more, clear it on ${host.name}: ${clearedBy(host, [path], program)}`,
  );

const joinedElsewhere = (host: Host, why: string, program: PathKind): Outcome =>
  refused(
    'JoinedElsewhere',
    `${host.name} has joined a cluster, but ${why}`,
    `look at the server in ${KUBEADM_FILES.kubelet} on ${host.name}; what makes it free for this cluster: ${clearedBy(host, JOINED, program)}`,
  );

/** What makes a machine a node. */
const JOINED = ['/etc/kubernetes', '/var/lib/kubelet'];
