import { kubernetesVersion } from '#checks/preflight/kubernetes-version.ts';
import { clusterGates, controlPlaneGates } from '#checks/preflight/upgrade-gates.ts';
import { minorOf } from '#catalog/kubernetes.ts';
import { isExternal } from '#configuration/etcd.ts';
import { type Cluster, firstControlPlane, type Host, type Role } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import type { Phase, PhaseResource } from '#core/phase.ts';
import { rememberLast } from '#core/remember-last.ts';
import type { Daemon } from '#core/daemon.ts';
import { deferred, gated, none, type Resource } from '#core/resource.ts';
import { apiNode } from '#facts/api.ts';
import { drained, foreseenUncordon, inService } from '#resources/cluster/drain.ts';
import { dueFacts, UPGRADE_PHASE, upgradedFrom } from '#resources/upgrade/due.ts';
import { etcdSnapshot } from '#resources/upgrade/etcd-snapshot.ts';
import { kubeadmUpgrade } from '#resources/upgrade/kubeadm-upgrade.ts';
import { turnOrder } from '#resources/upgrade/turn-order.ts';
import { kubeletPackages, kubeletVersion, upgradedPackages } from '#resources/upgrade/kubelet-upgrade.ts';

import { PREPARED } from './prepared.ts';

/**
 * A node that has joined is taken to the version of the inventory. Nodes take turns: the first control plane, the other
 * control planes one by one, then workers as many at a time as may be out of service.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/ (v1.34)
 */
export const upgrade: Phase = {
  name: UPGRADE_PHASE,
  summary: 'nodes of another version: kubeadm upgrade, drained, kubelet and kubectl, back in service',
  needs: () => [...PREPARED, 'load-balancer', 'certificates'],
  common: ({ cluster, host }) => [
    kubernetesVersion(cluster, host),
    ...(host.role === 'control-plane' ? controlPlaneGates(cluster) : []),
  ],
  forCluster: ({ cluster }) => clusterGates(cluster),
  resources: ({ cluster, host }, common) => [
    ...common,
    ...inTurn(cluster, [
      ...(isSaved(cluster, host) ? [etcdSnapshot(cluster, host)] : []),
      packagesOf(cluster, host.role).kubeadm,
      kubeadmUpgrade(cluster, host),
      onCluster(drainWhereDue(cluster, host)),
      packagesOf(cluster, host.role).kubelet,
      kubeletVersion(cluster, host),
      onCluster(backInService(cluster, host)),
    ]),
  ],
};

const isSaved = (cluster: Cluster, { name }: Host): boolean =>
  cluster.upgrade.snapshot && !isExternal(cluster) && name === firstControlPlane(cluster).name;

/** Made once for the hosts of a role. */
const packagesOf = rememberLast((cluster: Cluster, role: Role) => ({
  kubeadm: upgradedPackages(cluster, { role }, ['kubeadm']),
  kubelet: kubeletPackages(cluster, { role }),
}));

const onCluster = (resource: Resource): PhaseResource => ({ resource, runsOn: CLUSTER });

/** @see https://kubernetes.io/releases/version-skew-policy/ (kubelets may be older than the API servers, never newer) */
function inTurn(cluster: Cluster, all: readonly PhaseResource[]): readonly PhaseResource[] {
  const daemon = turnOf(cluster);
  return all.map((one) =>
    'resource' in one ? { ...one, resource: { ...one.resource, daemon } } : { ...one, daemon },
  );
}

/** Made once for all hosts. */
const turnOf = rememberLast((cluster: Cluster): Daemon => ({
  name: UPGRADE_PHASE,
  order: turnOrder(cluster, 'control-planes'),
}));

/** The answers of the host itself, for what is asked of the cluster. */
const ownFacts = (cluster: Cluster, host: Host) => {
  const { 'its node': node, 'its kubelet': kubelet } = dueFacts(cluster, host);
  return { 'its node': at(host.name, node), 'its kubelet': at(host.name, kubelet) };
};

function drainWhereDue(cluster: Cluster, host: Host): Resource {
  const { version } = cluster.kubernetes;
  const { when } = cluster.upgrade.drain;
  const unless = when === 'always' ? version : minorOf(version);
  return gated(drained({ cluster, host, unless }), ownFacts(cluster, host), (answers, _, decide) => {
    const from = upgradedFrom(answers, cluster);
    if (from === undefined) return none('the node is not to be upgraded');
    return isDrainedFrom(from, cluster) ? decide() : none(`from ${from} to ${version} no drain is wanted`);
  });
}

const isDrainedFrom = (from: string, { kubernetes: { version }, upgrade: { drain } }: Cluster): boolean =>
  drain.when === 'always' || (drain.when === 'minor' && minorOf(from) !== minorOf(version));

/** A node that is gone, or not known, is none to put back. */
function backInService(cluster: Cluster, host: Host): Resource {
  const version = `v${cluster.kubernetes.version}`;
  const facts = { ...ownFacts(cluster, host), 'the cluster': at(CLUSTER, apiNode(host.name)) };
  return gated(inService(cluster, host), facts, (answers, _, decide) => {
    const api = answers['the cluster'];
    const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
    if (node === undefined) return none('the cluster does not know the node');
    const from = upgradedFrom(answers, cluster);
    if (from === undefined) return decide();
    return deferred(
      { host: host.name, phase: UPGRADE_PHASE },
      `the kubelet of ${version}`,
      isDrainedFrom(from, cluster) ? foreseenUncordon(host, node) : decide(),
    );
  });
}
