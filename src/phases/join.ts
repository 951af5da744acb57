import { type Cluster, controlPlanesOf, firstControlPlane, type Host } from '#core/cluster.ts';
import { CLUSTER } from '#core/fact.ts';
import type { Phase } from '#core/phase.ts';
import type { PhaseRef } from '#core/resource.ts';
import { noHalfControlPlane } from '#resources/kubeadm/half-control-plane.ts';
import { controlPlaneFiles } from '#resources/kubeadm/control-plane-files.ts';
import { joinSecrets } from '#resources/kubeadm/join-secrets.ts';
import { kubeadmJoin } from '#resources/kubeadm/kubeadm-join.ts';
import { noStaleNode } from '#resources/kubeadm/stale-node.ts';
import { endpointNameAfterJoin } from '#resources/load-balancer/endpoint-name.ts';
import { UPGRADE_PHASE } from '#resources/upgrade/due.ts';

import { PREPARED } from './prepared.ts';

/** Every other machine becomes a node: workers all at once, control planes one after another. */
export const join: Phase = {
  name: 'join',
  summary: 'kubeadm join of every other machine, with a token that is made for it and revoked afterwards',
  needs: ({ cluster, host }) => [
    ...PREPARED,
    'load-balancer',
    UPGRADE_PHASE,
    { host: CLUSTER, phase: 'control-plane' },
    ...previousControlPlane(cluster, host),
  ],
  resources: ({ cluster, host }) => {
    if (host.name === firstControlPlane(cluster).name) return [];
    return [
      ...(host.role === 'control-plane' ? [noHalfControlPlane(cluster, host)] : []),
      { resource: noStaleNode(cluster, host), runsOn: CLUSTER },
      ...(host.role === 'control-plane' ? [controlPlaneFiles(cluster, host)] : []),
      kubeadmJoin(cluster, host),
      ...(host.role === 'control-plane' ? endpointNameAfterJoin(cluster, host) : []),
    ];
  },
  secrets: joinSecrets,
};

/** etcd takes in one new member at a time, and none beside one that is dead and leaves. */
function previousControlPlane(cluster: Cluster, host: Host): readonly PhaseRef[] {
  if (host.role !== 'control-plane') return [];
  const controlPlanes = controlPlanesOf(cluster);
  const previous = controlPlanes[controlPlanes.indexOf(host) - 1];
  return [
    ...cluster.leaving.map(({ name }) => ({ host: name, phase: 'removed-nodes' })),
    ...(previous === undefined ? [] : [{ host: previous.name, phase: 'join' }]),
  ];
}
