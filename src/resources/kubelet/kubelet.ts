import type { Cluster, HostKind } from '#core/cluster.ts';
import { deferred, type Resource } from '#core/resource.ts';
import { type PathKind, pathKind } from '#facts/path.ts';

import { KUBELET_FLAGS_PATH } from './kubelet-flags.ts';
import { kubeletRecord } from './kubelet-patch.ts';
import { KUBELET_CONFIG_PATH } from '#configuration/kubelet-configuration.ts';
import { kubeletConfiguration } from './kubelet-settings.ts';
import { unit } from '#resources/host/unit.ts';

/** A node's kubelet: its settings, and that it runs on them and on its flags, which come before. */
export const kubelet = (cluster: Cluster, kind: HostKind, phase: string): readonly Resource[] => [
  kubeletConfiguration(cluster, kind, phase),
  kubeletRecord(cluster, kind),
  kubeletRunning(phase),
];

const READ_AT_START = [KUBELET_CONFIG_PATH, KUBELET_FLAGS_PATH];

/** A kubelet that runs; before kubeadm has configured it, it cannot. */
function kubeletRunning(phase: string): Resource {
  const running = unit({
    name: 'kubelet',
    isEnabled: true,
    isActive: true,
    restartOn: READ_AT_START.map((path) => `file:${path}`),
    watches: READ_AT_START,
  });
  return {
    ...running,
    facts: { ...running.facts, configuration: pathKind(KUBELET_CONFIG_PATH) },
    diff: (answers: { readonly configuration: PathKind }, context) =>
      answers.configuration === 'file'
        ? running.diff(answers as never, context)
        : deferred({ host: context.host, phase }, "the kubelet's configuration"),
  };
}
