import { joinConfig, kubeletKubeconfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, deferred, none, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import type { DetachedStep, Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { writeStep } from '#resources/files/diff-file.ts';

import { isHalfControlPlane } from './half-control-plane.ts';
import { pulledFirst } from './pulled-first.ts';

const UNIT = KUBEADM_UNITS.join;
const CONFIG = `/run/slipway/${UNIT}.yaml`;
const TROUBLES = nodeTroubles(KUBEADM_FILES.kubeletConfiguration);
const JOIN_TIMEOUT_MS = 15 * 60_000;
/** A kubelet that has its bootstrap credentials joins alone within seconds. */
const KUBELET_ALONE_SECONDS = 20;
const FACTS = {
  api: at(CLUSTER, apiState),
  isRunning: detachedRunning(UNIT),
  kubeletConfig: pathKind(KUBEADM_FILES.kubelet),
  bootstrapConfig: pathKind(KUBEADM_FILES.bootstrap),
  certificateAuthority: fileContent(KUBEADM_FILES.ca),
  clusterAuthority: at(CLUSTER, fileContent(KUBEADM_FILES.ca)),
  clientCertificate: pathKind(KUBEADM_FILES.clientCertificate),
  isStarted: pathKind(KUBEADM_FILES.kubeletConfiguration),
};

/**
 * A machine's membership in the cluster, by `kubeadm join`.
 *
 * A join that was cut off is continued. If the kubelet had not been started, kubeadm joins again and ignores what is
 * there already; if it had, the kubelet finishes the join by itself. A control plane whose etcd had begun to join cannot
 * continue: it is reset first, see `noHalfControlPlane`.
 */
export function kubeadmJoin(cluster: Cluster, host: Host): Resource {
  const controlPlane = firstControlPlane(cluster).name;
  return resource({
    address: 'kubeadm-join',
    facts: FACTS,
    settle: { timeoutMs: 60_000, diagnosis: TROUBLES },
    diff: (answers) => {
      const { api, isRunning, kubeletConfig, bootstrapConfig, clientCertificate, isStarted } = answers;
      const { certificateAuthority, clusterAuthority } = answers;
      const hasCredentials = clientCertificate === 'file';
      if (api.state !== 'ready') {
        // With the authority of the control plane, it is this cluster that it joined: only admin.conf is lost there.
        const isOurs =
          clusterAuthority.content !== null && certificateAuthority.content === clusterAuthority.content;
        if (api.state === 'absent' && hasCredentials && !isOurs)
          return joinedElsewhere(host, `${controlPlane} has none`);
        return waitsForApi('a join token and the hash of the CA');
      }
      const ignored = [
        ...(kubeletConfig === 'file' ? ['FileAvailable--etc-kubernetes-kubelet.conf'] : []),
        ...(bootstrapConfig === 'file' ? ['FileAvailable--etc-kubernetes-bootstrap-kubelet.conf'] : []),
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
        certificateAuthority.content !== null &&
        certificateAuthority.content !== clusterAuthority.content
      ) {
        return hasCredentials
          ? joinedElsewhere(host, `not the one of ${controlPlane}: it trusts another authority`)
          : leftovers(host, `${KUBEADM_FILES.ca} of another cluster`);
      }
      if (hasCredentials && isHalfControlPlane(host, api)) {
        return deferred({ host: host.name, phase: 'join' }, 'a machine that is free of its half-done join');
      }
      if (hasCredentials) {
        return finishJoin(host, {
          hasBootstrapConfig: bootstrapConfig === 'file',
          isRegistered: api.nodes[host.name] !== undefined,
          lost: lostFiles(cluster, answers),
        });
      }
      const from = ignored.length > 0 ? 'begun, not finished' : null;
      return change(
        [
          {
            what: 'kubeadm join',
            from,
            to: `node ${host.name} of ${cluster.kubernetes.controlPlaneEndpoint}`,
          },
        ],
        [joinStep(cluster, host, ignored)],
      );
    },
  });
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
    argv: resumed.includes('Port-10250') ? afterKubelet(kubeadm) : kubeadm,
    files: { [CONFIG]: joinConfig(cluster, host) },
    timeoutMs: JOIN_TIMEOUT_MS,
  };
}

/**
 * The kubelet may be about to join by itself: it gets time for that before kubeadm runs again. kubelet.conf alone is
 * no sign of it, for the kubelet writes that first. Here the host waits, as both are one act of the detached unit, which
 * goes on when the connection is cut.
 */
function afterKubelet(kubeadm: readonly string[]): readonly string[] {
  const { clientCertificate, bootstrap } = KUBEADM_FILES;
  const script = lines(
    sh`i=0; while systemctl is-active --quiet kubelet && [ ! -e ${clientCertificate} ] && [ "$i" -lt ${KUBELET_ALONE_SECONDS} ]; do i=$((i+1)); sleep 1; done`,
    sh`[ -e ${clientCertificate} ] && exec rm -f ${bootstrap}`,
    sh`systemctl stop kubelet; exec "$@"`,
  );
  return ['sh', '-c', script, 'sh', ...kubeadm];
}

/** A file of a node that has its credentials, as it would be written anew. */
interface LostFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** What the kubelet needs beside its credentials; both say only what the cluster is. */
function lostFiles(
  { kubernetes }: Cluster,
  answers: {
    readonly kubeletConfig: PathKind;
    readonly certificateAuthority: FileAnswer;
    readonly clusterAuthority: FileAnswer;
  },
): readonly LostFile[] {
  const authority = answers.clusterAuthority.content;
  if (authority === null) return [];
  return [
    ...(answers.certificateAuthority.type === 'absent'
      ? [{ path: KUBEADM_FILES.ca, content: authority, mode: 0o644 }]
      : []),
    ...(answers.kubeletConfig === 'absent'
      ? [
          {
            path: KUBEADM_FILES.kubelet,
            content: kubeletKubeconfig(kubernetes.controlPlaneEndpoint, authority),
            mode: 0o600,
          },
        ]
      : []),
  ];
}

interface FinishedJoin {
  readonly hasBootstrapConfig: boolean;
  readonly isRegistered: boolean;
  readonly lost: readonly LostFile[];
}

/** The kubelet has its credentials: at most files are left to remove or to write, or the node to be registered again. */
function finishJoin(host: Host, { hasBootstrapConfig, isRegistered, lost }: FinishedJoin): Outcome {
  const isRestarted = !isRegistered || lost.length > 0;
  if (!isRestarted && !hasBootstrapConfig) return none(`node ${host.name} is registered`);
  const tidy: Step = {
    do: 'run',
    summary: `remove ${KUBEADM_FILES.bootstrap}`,
    script: command('rm', '-f', KUBEADM_FILES.bootstrap),
  };
  const restart: Step = {
    do: 'run',
    summary: isRegistered
      ? 'restart the kubelet, which reads what was lost when it starts'
      : 'restart the kubelet, so that it registers its node',
    script: command('systemctl', 'restart', 'kubelet.service'),
  };
  return change(
    [
      ...(hasBootstrapConfig
        ? [{ what: 'bootstrap credentials', from: KUBEADM_FILES.bootstrap, to: null }]
        : []),
      ...lost.map(({ path }) => ({
        what: path,
        from: null,
        to: "made anew, for the kubelet's own credentials",
      })),
      ...(isRegistered ? [] : [{ what: 'node', from: null, to: host.name }]),
    ],
    [
      ...(hasBootstrapConfig ? [tidy] : []),
      ...lost.map((file) => writeStep(file)),
      ...(isRestarted ? [restart] : []),
    ],
    isRestarted ? ['kubelet.service'] : [],
  );
}

const leftovers = ({ name }: Host, what: string): Outcome =>
  refused(
    'Leftovers',
    `${name} has ${what}`,
    `if nothing of that is needed any more, clear it on ${name}: kubeadm reset --force`,
  );

const joinedElsewhere = ({ name }: Host, why: string): Outcome =>
  refused(
    'JoinedElsewhere',
    `${name} has joined a cluster, but ${why}`,
    `look at the server in ${KUBEADM_FILES.kubelet} on ${name}; "kubeadm reset" there makes it free for this cluster`,
  );
