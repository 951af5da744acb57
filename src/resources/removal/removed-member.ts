import { peerAddress } from '#configuration/load-balancer.ts';
import { bracketed } from '#core/bracketed.ts';
import type { Host } from '#core/cluster.ts';
import { change, none, noted, type Refused, refused, resource, type Resource } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import { type Retry, run, type RunStep } from '#core/step.ts';
import { type EtcdMember, etcdState, quorumOf } from '#facts/etcd-members.ts';
import { etcdTools } from '#facts/etcd-tools.ts';

/**
 * etcd has no member of this host. It is taken out through a member that stays, and before its data goes: etcd would count
 * it as dead otherwise. It is to run on the CLUSTER.
 *
 * A quorum that does not hold is refused; where that check is ignored, etcd itself is asked, and says no where it must.
 *
 * @see https://etcd.io/docs/v3.6/op-guide/runtime-configuration/ (removing a member)
 */
export const removedMember = (host: Host, { before, isForced }: RemovalOrder): Resource =>
  resource({
    address: `removed-member:${host.name}`,
    facts: { etcd: etcdState },
    settle: MEMBER_GONE,
    diff: ({ etcd }) => {
      if (etcd.state === 'absent') return none('control planes have no member of etcd');
      if (etcd.state === 'silent') return silent(host, etcd.why);
      const member = etcd.members.find((one) => isOf(one, host));
      if (member === undefined) return none(`etcd has no member ${host.name}`);
      const left = etcd.members.filter(
        (one) => one.id !== member.id && !one.isLearner && !before.includes(one.name),
      );
      if (left.length === 0) return lastMember(host);
      const isBroken = left.filter(({ isHealthy }) => isHealthy).length < quorumOf(left.length);
      const refusal = isBroken ? broken(host, left) : undefined;
      if (refusal !== undefined && !isForced) return refusal;
      const removal = change(
        [{ what: `member ${host.name} of etcd`, from: member.id, to: null }],
        [
          {
            ...run(
              `take member ${host.name} out of etcd`,
              lines(etcdTools, sh`etcd_ctl member remove ${member.id}`),
            ),
            retry: SETTLING,
          },
        ],
      );
      return noted(removal, refusal === undefined ? [] : [`ignored: ${refusal.check}: ${refusal.why}`]);
    },
  });

/**
 * Takes the member of a host out of etcd, on the host itself, by members on other hosts. Where its join was cut off, kubeadm
 * reset cannot: it reads the cluster's configuration as the kubelet, which has no credentials yet.
 */
export const ownMemberStep = (host: Host, others: readonly Host[]): RunStep => ({
  ...run(
    `take member ${host.name} out of etcd`,
    lines(
      etcdTools,
      // Without an image of etcd there has been no member.
      sh`if etcd_tool etcdctl >/dev/null; then`,
      sh`etcd_endpoints=${others.map((other) => `https://${bracketed(peerAddress(other))}:2379`).join(',')}`,
      sh`members=$(etcd_ctl member list)`,
      sh`ids=$(printf '%s\n' "$members" | awk -F ', ' -v name=${host.name} -v url=${`https://${bracketed(peerAddress(host))}:2380`} '$3 == name || $4 == url { print $1 }')`,
      sh`for id in $ids; do etcd_ctl member remove "$id"; done`,
      sh`fi`,
    ),
  ),
  retry: SETTLING,
});

export interface RemovalOrder {
  /** Names of hosts whose members are taken out before. */
  readonly before: readonly string[];
  /** Whether the inventory ignores that too few healthy members would be left. */
  readonly isForced: boolean;
}

/**
 * Where a member has only just connected to the others, etcd lets none go.
 *
 * @see https://github.com/etcd-io/etcd/blob/v3.6.5/server/etcdserver/server.go (mayRemoveMember, HealthInterval)
 */
const SETTLING: Retry = { when: 'unhealthy cluster', attempts: 4, pauseMs: 2000 };

/**
 * The API server of the host that leaves has no etcd any more. Until a balancer before the API servers, or its kubelet, takes
 * it out of service, it may be the one that is asked.
 */
export const MEMBER_GONE = { timeoutMs: 240_000, pauseMs: 2000 };

/** The check that an inventory may ignore. */
export const ETCD_QUORUM = 'EtcdQuorum';

/** One that has never started has no name yet. */
function isOf({ name, peerUrls }: EtcdMember, host: Host): boolean {
  if (name !== '') return name === host.name;
  const address = host.nodeIp ?? host.address;
  return peerUrls.some((url) => [address, `[${address}]`].includes(new URL(url).hostname));
}

const silent = ({ name }: Host, why: string): Refused =>
  refused(
    'ClusterSilent',
    `etcd does not answer, and so takes out no member of ${name}: ${why}`,
    'bring back as many of its members as must agree, or restore it from a snapshot: slipway etcd restore',
  );

const lastMember = ({ name }: Host): Refused =>
  refused(
    'LastControlPlane',
    `${name} has the last member of etcd: 0 would be left, and all that is in it would be lost`,
    'let another control plane join first; a whole cluster is taken back by slipway reset',
  );

function broken({ name }: Host, left: readonly EtcdMember[]): Refused {
  const healthy = left.filter(({ isHealthy }) => isHealthy).length;
  const unwell = left.filter(({ isHealthy }) => !isHealthy).map((one) => one.name || one.id);
  return refused(
    ETCD_QUORUM,
    `without ${name} etcd would have ${left.length} members, of which ${healthy} would be healthy, and ${quorumOf(left.length)} must agree`,
    `bring ${unwell.join(', ')} back first; or where it is gone for good, remove it before ${name}`,
  );
}
