import { KUBELET_CONFIG_PATH } from '#configuration/kubelet-configuration.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import { deferred, gated, type Resource } from '#core/resource.ts';
import { pathKind } from '#facts/path.ts';
import { unit } from '#resources/host/unit.ts';

import { kubeletConfiguration } from './kubelet-configuration.ts';
import { KUBELET_FLAGS_PATH } from './kubelet-flags.ts';
import { kubeletRecord } from './kubelet-record.ts';

/** A node's kubelet: its settings, and that it runs on them and on its flags, which come before. */
export const kubelet = (cluster: Cluster, kind: HostKind, phase: string): readonly Resource[] => [
  kubeletConfiguration(cluster, kind, phase),
  kubeletRecord(cluster, kind),
  kubeletRunning(phase),
];

const READ_AT_START = [KUBELET_CONFIG_PATH, KUBELET_FLAGS_PATH];

/** A kubelet that runs. It cannot before kubeadm has configured it. */
const kubeletRunning = (phase: string): Resource =>
  gated(
    unit({
      name: 'kubelet',
      isEnabled: true,
      isActive: true,
      restartOn: READ_AT_START.map((path) => `file:${path}`),
      watches: READ_AT_START,
    }),
    { configuration: pathKind(KUBELET_CONFIG_PATH) },
    ({ configuration }, { host }, decide) =>
      configuration === 'file' ? decide() : deferred({ host, phase }, "the kubelet's configuration"),
  );
