import { firstControlPlane } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { kubeadmJoin, joinSecrets } from '#resources/kubeadm-join.ts';
import { kubeletRunning } from '#resources/kubelet-running.ts';
import { noStaleNode } from '#resources/stale-node.ts';

/** Every other machine becomes a node; workers all at once. */
export const join: Phase = {
  name: 'join',
  summary: 'kubeadm join of every worker, with a token that is made for it and revoked afterwards',
  needs: ({ cluster }) => [
    'swap',
    'kernel',
    'runtime',
    'kubernetes',
    { host: firstControlPlane(cluster).name, phase: 'control-plane' },
  ],
  resources: ({ cluster, host }) =>
    host.name === firstControlPlane(cluster).name
      ? []
      : [
          { resource: noStaleNode(cluster, host), runsOn: firstControlPlane(cluster).name },
          kubeadmJoin(cluster, host),
          kubeletRunning({ host: host.name, phase: 'join' }),
        ],
  secrets: joinSecrets,
};
