import { minorNumber } from '#catalog/kubernetes.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import { hasPatches } from '#configuration/kubeadm-patches.ts';
import { PATCHES_DIRECTORY } from '#configuration/kubelet-configuration.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { change, none, resource, type Resource } from '#core/resource.ts';
import { command, lines, sh } from '#core/shell.ts';
import type { DetachedStep, Step } from '#core/step.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { fileContent } from '#facts/file.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { STATIC_PODS } from '#facts/static-pods.ts';
import { pulledFirst } from '#resources/kubeadm/pulled-first.ts';

import { dueFacts, upgradedFrom } from './due.ts';

const UNIT = KUBEADM_UNITS.upgrade;
/** Four components that kubeadm waits five minutes for, each; before that it pulls their images over a slow line. */
const TIMEOUT_MS = 40 * 60_000;
const TROUBLES = nodeTroubles(KUBEADM_FILES.kubeletConfiguration);
const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';

/** Which version kubeadm has upgraded the node to, and come to its end; it goes when the node is done. */
export const UPGRADE_RECORD = '/var/lib/slipway/kubeadm-upgrade';

/**
 * `kubeadm upgrade apply` on the first control plane, and `kubeadm upgrade node` on every other node. Both may be run again
 * wherever they were cut off: what is as it should be is skipped. Nothing that kubeadm writes on a worker tells a version,
 * so its end is written down.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/ (v1.34)
 */
export function kubeadmUpgrade(cluster: Cluster, host: Host): Resource {
  const { version } = cluster.kubernetes;
  const isControlPlane = host.role === 'control-plane';
  const restarts = isControlPlane ? STATIC_PODS : [];
  return resource({
    address: 'kubeadm-upgrade',
    facts: {
      ...dueFacts(cluster, host),
      isRunning: detachedRunning(UNIT),
      record: fileContent(UPGRADE_RECORD),
      ...(isControlPlane && { isNew: fileMentions(MANIFEST, `kube-apiserver:v${version}`) }),
    },
    settle: { timeoutMs: 0, diagnosis: TROUBLES },
    diff: (answers) => {
      const from = upgradedFrom(answers, cluster);
      if (answers.isRunning) {
        const step = upgradeStep(cluster, host);
        return change(
          [{ what: step.summary, from: 'running, started by an earlier run', to: 'done' }],
          [{ ...step, isUnderWay: true }],
        );
      }
      if (from === undefined) return none('the node is not to be upgraded');
      const isDone = answers.record.content?.trim() === version && answers.isNew !== false;
      if (isDone) return none(`kubeadm has upgraded the node to ${version}`);
      const what = isControlPlane ? 'control plane and configuration' : 'configuration';
      const changed = change([{ what, from, to: version }], [upgradeStep(cluster, host)], restarts);
      return isControlPlane ? { ...changed, afterwards: [COPIES] } : changed;
    },
  });
}

/**
 * The kubelet does not know it since 1.35, and does not start with it. kubeadm takes it away in 1.35 alone, so a node that
 * goes on to 1.36 from before that would keep it.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.1/CHANGELOG/CHANGELOG-1.36.md
 */
const PAUSE_FLAG_GONE = sh`sed -i 's/ *--pod-infra-container-image=[^ "]*//' ${KUBEADM_FILES.kubeletFlags}`;

/**
 * kubeadm renews certificates as it upgrades a control plane.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#automatic-certificate-renewal (v1.34)
 */
const COPIES =
  'admin.conf has a new certificate: kubeconfigs that were made of it hold the former one, until that ends; fetch them again, slipway kubeconfig';

export const forgetRecord: Step = {
  do: 'run',
  summary: `remove ${UPGRADE_RECORD}, and what kubeadm kept of before`,
  script: lines(
    sh`rm -rf /etc/kubernetes/tmp/kubeadm-backup-* /etc/kubernetes/tmp/kubeadm-upgraded-* /etc/kubernetes/tmp/kubeadm-kubelet-*`,
    command('rm', '-f', '--', UPGRADE_RECORD),
  ),
};

function upgradeStep(cluster: Cluster, host: Host): DetachedStep {
  const { version, ignorePreflightErrors } = cluster.kubernetes;
  const isFirst = host.name === firstControlPlane(cluster).name;
  const verb = isFirst ? ['apply', `v${version}`] : ['node'];
  const kubeadm = pulledFirst(cluster, host, [
    'kubeadm',
    'upgrade',
    ...verb,
    ...(isFirst ? ['--yes'] : []),
    ...(hasPatches(cluster, host) ? [`--patches=${PATCHES_DIRECTORY}`] : []),
    ...(ignorePreflightErrors.length > 0
      ? [`--ignore-preflight-errors=${ignorePreflightErrors.join(',')}`]
      : []),
  ]);
  const script = lines(
    sh`"$@" || exit`,
    ...(minorNumber(version) < 35 ? [] : [PAUSE_FLAG_GONE]),
    sh`mkdir -p ${UPGRADE_RECORD.slice(0, UPGRADE_RECORD.lastIndexOf('/'))}`,
    sh`echo ${version} >${`${UPGRADE_RECORD}.new`} && sync ${`${UPGRADE_RECORD}.new`} && mv -f ${`${UPGRADE_RECORD}.new`} ${UPGRADE_RECORD}`,
  );
  return {
    do: 'detached',
    summary: `kubeadm upgrade ${verb.join(' ')}`,
    unit: UNIT,
    argv: ['sh', '-c', script, 'sh', ...kubeadm],
    files: {},
    timeoutMs: TIMEOUT_MS,
  };
}
