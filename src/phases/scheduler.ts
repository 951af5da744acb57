import type { Phase } from '#core/phase.ts';
import { configuredScheduler } from '#resources/kubeadm/configured-scheduler.ts';

/** What of the scheduler is not kubeadm's own. */
export const scheduler: Phase = {
  name: 'scheduler',
  summary: 'the scheduler runs on its own configuration, where the inventory has one',
  needs: () => ['control-plane', 'join'],
  resources: ({ cluster, host }) =>
    host.role === 'control-plane' && cluster.kubernetes.scheduler.config !== undefined
      ? [configuredScheduler(cluster, host)]
      : [],
};
