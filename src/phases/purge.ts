import type { Phase } from '#core/phase.ts';
import { afterReset } from '#resources/removal/kubeadm-reset.ts';
import { noPackages } from '#resources/removal/no-packages.ts';
import { noRepository } from '#resources/removal/no-repository.ts';

import { kubernetesPackages } from './kubernetes.ts';

/** What is on a host for Kubernetes alone. Its container runtime may serve others, and stays. */
export const purge: Phase = {
  name: 'purge',
  summary: "Kubernetes' packages, their holds and their repository",
  hosts: 'all',
  needs: () => ['leftovers'],
  resources: ({ cluster, host }) =>
    [
      noPackages('kubernetes', kubernetesPackages(cluster.kubernetes.version)),
      noRepository('kubernetes'),
    ].map((rest) => afterReset(cluster, { host: host.name, phase: 'reset' }, rest)),
};
