import { criSocket } from '#catalog/cri-sockets.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import {
  namesConfiguration,
  SCHEDULER_CONFIGURATION,
  SCHEDULER_MANIFEST,
} from '#configuration/scheduler-configuration.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { change, changeOr, none, type Resource, resource } from '#core/resource.ts';
import { nodeTroubles } from '#facts/diagnosis.ts';
import { fileContent, fileTime } from '#facts/file.ts';
import { staticPods } from '#facts/static-pods.ts';
import { isNewer } from '#resources/host/unit.ts';

import { phasesStep } from './kubeadm-phases.ts';
import { restartStep } from './static-pods-restart.ts';

const TIMEOUT_MS = 2 * 60_000;

/**
 * The scheduler of a control plane runs on the configuration that is there: its manifest names it, and it was started after
 * the file was written. Control planes take turns: with a configuration that a scheduler refuses, the others go on.
 *
 * @see https://kubernetes.io/docs/reference/scheduling/config/ (v1.34)
 */
export const configuredScheduler = (cluster: Cluster, host: Host): Resource => ({
  ...resource({
    address: 'scheduler-configuration',
    facts: {
      manifest: fileContent(SCHEDULER_MANIFEST),
      written: fileTime(SCHEDULER_CONFIGURATION),
      pods: staticPods(criSocket(host.runtime)),
    },
    restartOn: [`file:${SCHEDULER_CONFIGURATION}`],
    // One that does not like its configuration ends at once, again and again.
    settle: {
      timeoutMs: TIMEOUT_MS,
      pauseMs: 1000,
      looks: 4,
      diagnosis: nodeTroubles(KUBEADM_FILES.kubeletConfiguration),
    },
    diff: ({ manifest, written, pods: { createdAt, ended = [] } }, { changed, planned }) => {
      if (manifest.type !== 'file') return none('kubeadm starts the scheduler on it');
      if (!namesConfiguration(manifest.content ?? '')) {
        return change(
          [{ what: SCHEDULER_MANIFEST, from: null, to: `--config=${SCHEDULER_CONFIGURATION}` }],
          [phasesStep(cluster, host, ['control-plane scheduler'])],
          ['kube-scheduler'],
        );
      }
      const started = createdAt['kube-scheduler'];
      // A plan has the file still to be written; in a run it has a time of its own.
      const isPlanned = planned !== undefined && changed.length > 0;
      const isFormer = isPlanned || isNewer(written.mtime, started ?? null);
      if (isFormer && started !== undefined) {
        return change(
          [{ what: 'kube-scheduler', from: 'running on the former configuration', to: 'started anew' }],
          [restartStep(host, ['kube-scheduler'])],
          ['kube-scheduler'],
        );
      }
      return changeOr(
        'the scheduler runs on its configuration',
        ended.includes('kube-scheduler') ? [{ what: 'kube-scheduler', from: 'ended', to: 'running' }] : [],
        [],
      );
    },
  }),
  daemon: { name: 'kube-scheduler' },
});
