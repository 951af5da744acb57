import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBELET_CONFIG_PATH, PATCH_PATH } from '#configuration/kubelet-configuration.ts';
import type { Cluster, Host, HostKind } from '#core/cluster.ts';
import { deferred, gated, none, type Resource } from '#core/resource.ts';
import { pathKind } from '#facts/path.ts';
import { kubeletHealth } from '#facts/kubelet-health.ts';
import { changesOf, type DaemonDefinition } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';

import { kubeletAnswers } from './kubelet-answers.ts';
import { isWrittenAnew, kubeletConfiguration } from './kubelet-configuration.ts';
import { KUBELET_FLAGS_PATH, kubeletFlags } from './kubelet-flags.ts';
import { kubeletRecord } from './kubelet-record.ts';

const READ_AT_START = [KUBELET_CONFIG_PATH, KUBELET_FLAGS_PATH] as const;

const KUBELET: DaemonDefinition = {
  name: 'kubelet',
  units: ['kubelet.service'],
  files: READ_AT_START,
  record: PATCH_PATH,
  health: kubeletHealth(),
};

/**
 * A node's kubelet: its settings, and that it runs on them and on its flags, which come before, and is well.
 *
 * @param phase makes a node of the host.
 */
export const kubelet = (cluster: Cluster, kind: HostKind, phase: string): readonly Resource[] =>
  changesOf(
    KUBELET,
    [kubeletConfiguration(cluster, kind, phase), kubeletRecord(cluster, kind), kubeletRunning(kind, phase)],
    kubeletAnswers(OWN_PHASE),
  );

/** The flags of a node's kubelet, which are a host's own. */
export const flagsOfKubelet = (cluster: Cluster, host: Host, phase: string): readonly Resource[] =>
  changesOf(KUBELET, [kubeletFlags(cluster, host, phase)]);

/** The phase of these resources. */
const OWN_PHASE = 'kubelet';

/** kubeadm starts the kubelet, on what it writes for it. */
const BY_KUBEADM = none('kubeadm starts the kubelet');

/** A kubelet that runs. It cannot before it is configured, by kubeadm, or anew where it has lost that. */
const kubeletRunning = (kind: HostKind, phase: string): Resource =>
  gated(
    unit({
      name: 'kubelet',
      isEnabled: true,
      isActive: true,
      restartOn: READ_AT_START.map((path) => `file:${path}`),
      watches: READ_AT_START,
      reads: ['/etc/default/kubelet', '/etc/sysconfig/kubelet'],
    }),
    {
      configuration: pathKind(KUBELET_CONFIG_PATH),
      credentials: pathKind(KUBEADM_FILES.clientCertificate),
    },
    ({ configuration, credentials }, { host }, decide) => {
      // What slipway writes anew is a change of this plan's, which the kubelet is restarted for.
      if (configuration === 'file' || isWrittenAnew(kind, credentials)) return decide();
      return deferred({ host, phase }, "the kubelet's configuration", BY_KUBEADM);
    },
  );
