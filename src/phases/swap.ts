import type { Phase } from '#core/phase.ts';
import { noSwap } from '#resources/host/swap.ts';

export const swap: Phase = {
  name: 'swap',
  summary: 'swap off, now and after a reboot',
  needs: () => ['preflight'],
  // A kubelet that is configured to accept swap does not need it off: https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/ (v1.34)
  common: ({ cluster }) => (cluster.kubernetes.kubelet['failSwapOn'] === false ? [] : [noSwap()]),
};
