import { joinConfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, deferred, none, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

import { isHalfControlPlane } from './half-control-plane.ts';

const UNIT = KUBEADM_UNITS.join;
const CONFIG = `/run/slipway/${UNIT}.yaml`;
const BOOTSTRAP_CONFIG = '/etc/kubernetes/bootstrap-kubelet.conf';
const CA = '/etc/kubernetes/pki/ca.crt';
const KUBELET_CONFIG = '/etc/kubernetes/kubelet.conf';
const JOIN_TIMEOUT_MS = 15 * 60_000;
/** A kubelet that has its bootstrap credentials joins alone within seconds. */
const KUBELET_ALONE_SECONDS = 20;

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
    facts: {
      api: at(CLUSTER, apiState),
      isRunning: detachedRunning(UNIT),
      kubeletConfig: pathKind(KUBELET_CONFIG),
      bootstrapConfig: pathKind(BOOTSTRAP_CONFIG),
      certificateAuthority: fileContent(CA),
      clusterAuthority: at(CLUSTER, fileContent(CA)),
      isStarted: pathKind('/var/lib/kubelet/config.yaml'),
    },
    settle: { timeoutMs: 60_000 },
    diff: (answers) => {
      const { api, isRunning, kubeletConfig, bootstrapConfig, isStarted } = answers;
      const { certificateAuthority, clusterAuthority } = answers;
      if (api.state !== 'ready') {
        if (api.state === 'absent' && kubeletConfig === 'file') {
          return joinedElsewhere(host, `${controlPlane} has none`);
        }
        return waitsForApi('a join token and the hash of the CA');
      }
      const ignored = [
        ...(bootstrapConfig === 'file' ? ['FileAvailable--etc-kubernetes-bootstrap-kubelet.conf'] : []),
        ...(certificateAuthority.type === 'file' ? ['FileAvailable--etc-kubernetes-pki-ca.crt'] : []),
        ...(bootstrapConfig === 'file' && isStarted === 'file' ? ['Port-10250'] : []),
      ];
      if (isRunning) {
        return change(
          [{ what: 'kubeadm join', from: 'running, started by an earlier run', to: 'done' }],
          [joinStep(cluster, host, ignored)],
        );
      }
      if (kubeletConfig === 'file' && certificateAuthority.content !== clusterAuthority.content) {
        return joinedElsewhere(host, `not the one of ${controlPlane}: it trusts another authority`);
      }
      if (kubeletConfig === 'file' && isHalfControlPlane(host, api)) {
        return deferred({ host: host.name, phase: 'join' }, 'a machine that is free of its half-done join');
      }
      if (kubeletConfig === 'file')
        return finishJoin(host, bootstrapConfig === 'file', api.nodes[host.name] !== undefined);
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

function joinStep(cluster: Cluster, host: Host, resumed: readonly string[]): Step {
  const ignored = [...cluster.kubernetes.ignorePreflightErrors, ...resumed];
  const kubeadm = [
    'kubeadm',
    'join',
    `--config=${CONFIG}`,
    ...(ignored.length > 0 ? [`--ignore-preflight-errors=${ignored.join(',')}`] : []),
  ];
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
 * The kubelet may be about to join by itself: it gets time for that before kubeadm runs again. Here the host waits, as
 * both are one act of the detached unit, which goes on when the connection is cut.
 */
function afterKubelet(kubeadm: readonly string[]): readonly string[] {
  const script = lines(
    sh`i=0; while [ ! -e ${KUBELET_CONFIG} ] && [ "$i" -lt ${KUBELET_ALONE_SECONDS} ]; do i=$((i+1)); sleep 1; done`,
    sh`[ -e ${KUBELET_CONFIG} ] && exec rm -f ${BOOTSTRAP_CONFIG}`,
    sh`exec "$@"`,
  );
  return ['sh', '-c', script, 'sh', ...kubeadm];
}

/** The kubelet has its credentials: at most the bootstrap file is left to remove, or the node to be registered again. */
function finishJoin(host: Host, hasBootstrapConfig: boolean, isRegistered: boolean): Outcome {
  const tidy: Step = {
    do: 'run',
    summary: `remove ${BOOTSTRAP_CONFIG}`,
    script: command('rm', '-f', BOOTSTRAP_CONFIG),
  };
  const register: Step = {
    do: 'run',
    summary: 'restart the kubelet, so that it registers its node',
    script: command('systemctl', 'restart', 'kubelet.service'),
  };
  if (isRegistered && !hasBootstrapConfig) return none(`node ${host.name} is registered`);
  return {
    answer: 'change',
    differences: [
      ...(hasBootstrapConfig ? [{ what: 'bootstrap credentials', from: BOOTSTRAP_CONFIG, to: null }] : []),
      ...(isRegistered ? [] : [{ what: 'node', from: null, to: host.name }]),
    ],
    steps: [...(hasBootstrapConfig ? [tidy] : []), ...(isRegistered ? [] : [register])],
    ...(!isRegistered && { restarts: ['kubelet.service'] }),
  };
}

const joinedElsewhere = ({ name }: Host, why: string): Outcome =>
  refused(
    'JoinedElsewhere',
    `${name} has joined a cluster, but ${why}`,
    `look at the server in ${KUBELET_CONFIG} on ${name}; "kubeadm reset" there makes it free for this cluster`,
  );
