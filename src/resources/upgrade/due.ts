import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, HostKind, Role } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import { deferred, gated, none, type Resource } from '#core/resource.ts';
import type { PackageAnswer } from '#distributions/distribution-family.ts';
import { upstreamVersion } from '#distributions/package-version.ts';
import { apiState } from '#facts/api.ts';
import { reports } from '#facts/node-of.ts';
import { packageState } from '#facts/package.ts';
import { pathKind, type PathKind } from '#facts/path.ts';

/** What the phase that upgrades nodes is called. */
export const UPGRADE_PHASE = 'upgrade';

/**
 * By what it is known that a node is to be upgraded: it has joined, and another version of the kubelet is installed than
 * the inventory wants. That package comes last, so it is so until all that comes before it is done.
 *
 * Of a worker the kubelet's own credentials count, as it writes its kubeconfig before it has them.
 */
export const dueFacts = ({ kubernetes: { version } }: Cluster, { role }: Pick<HostKind, 'role'>) =>
  factsOf(version, role);

/** Made once for hosts of a role, and not once a host. */
const factsOf = rememberLast((version: string, role: Role) => ({
  'its node': pathKind(role === 'worker' ? KUBEADM_FILES.clientCertificate : KUBEADM_FILES.kubelet),
  'its kubelet': packageState('kubelet', version),
}));

export interface DueAnswers {
  readonly 'its node': PathKind;
  readonly 'its kubelet': PackageAnswer;
}

/** The version that a node is to be upgraded from; undefined where it is not to be upgraded. */
export function upgradedFrom(answers: DueAnswers, { kubernetes: { version } }: Cluster): string | undefined {
  const { installed } = answers['its kubelet'];
  if (answers['its node'] !== 'file' || installed === null) return undefined;
  const found = upstreamVersion(installed);
  return found === version ? undefined : found;
}

/** A resource that is left alone while a node is to be upgraded. */
export const unlessDue = (wanted: Resource, cluster: Cluster, host: HostKind): Resource =>
  gated(wanted, dueFacts(cluster, host), (answers, _, decide) => {
    const from = upgradedFrom(answers, cluster);
    return from === undefined ? decide() : none(`of a node that runs ${from}: phase upgrade changes it`);
  });

/** What kubeadm writes as it upgrades a node, and is right or not after that. */
export const afterUpgrade = (wanted: Resource, cluster: Cluster, kind: HostKind): Resource =>
  gated(wanted, dueFacts(cluster, kind), (answers, { host }, decide) =>
    upgradedFrom(answers, cluster) === undefined
      ? decide()
      : deferred({ host, phase: UPGRADE_PHASE }, 'what kubeadm writes as it upgrades the node'),
  );

/** What kubeadm writes into the cluster as it upgrades control planes: some of it with the last of them. */
export const afterControlPlanes = (wanted: Resource, cluster: Cluster): Resource =>
  gated(wanted, { 'the cluster': at(CLUSTER, apiState) }, (answers, _, decide) => {
    const api = answers['the cluster'];
    const last = cluster.hosts.findLast(
      ({ name, role }) =>
        role === 'control-plane' &&
        api.state === 'ready' &&
        api.nodes[name] !== undefined &&
        api.nodes[name].isReady &&
        !reports(api.nodes[name], cluster.kubernetes.version),
    );
    return last === undefined
      ? decide()
      : deferred(
          { host: last.name, phase: UPGRADE_PHASE },
          'what kubeadm writes as it upgrades control planes',
        );
  });
