import { type Cluster, controlPlanesOf, type Host } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import type { PhaseRef } from '#core/resource.ts';
import { kubeadmReset, resetOfLeaving } from '#resources/removal/kubeadm-reset.ts';

/** All that kubeadm has made: on workers at once, then on one control plane after another, the first one last. */
export const reset: Phase = {
  name: 'reset',
  summary: 'kubeadm reset: the workers, then the control planes from the last to the first',
  hosts: 'all',
  needs: ({ cluster, host }) => ['removed-nodes', ...before(cluster, host)],
  resources: ({ cluster, host }) => [
    cluster.leaving.some(({ name }) => name === host.name)
      ? resetOfLeaving(cluster, host)
      : kubeadmReset(cluster, host),
  ],
};

/** As long as a worker is part of the cluster there is one; etcd lets one member go at a time. */
function before({ hosts, leaving }: Cluster, host: Host): readonly PhaseRef[] {
  if (host.role === 'worker') return [];
  const all = [...hosts, ...leaving];
  const controlPlanes = controlPlanesOf({ hosts: all });
  const next = controlPlanes[controlPlanes.findIndex(({ name }) => name === host.name) + 1];
  const earlier = next === undefined ? all.filter(({ role }) => role === 'worker') : [next];
  return earlier.map(({ name }) => ({ host: name, phase: 'reset' }));
}
