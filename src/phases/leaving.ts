import { isExternal } from '#configuration/etcd.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { at, CLUSTER, type Facts, ifReached } from '#core/fact.ts';
import type { Phase } from '#core/phase.ts';
import {
  deferred,
  gated,
  having,
  none,
  noted,
  type PhaseRef,
  type Refused,
  refused,
  type Resource,
} from '#core/resource.ts';
import { apiState } from '#facts/api.ts';
import type { EtcdState } from '#facts/etcd-members.ts';
import { os } from '#facts/os.ts';
import { drained } from '#resources/cluster/drain.ts';
import { kubeadmTraces, resetOfLeaving } from '#resources/removal/kubeadm-reset.ts';
import { ETCD_QUORUM, removedMember } from '#resources/removal/removed-member.ts';
import { removedNode } from '#resources/removal/removed-node.ts';

import { leftovers } from './leftovers.ts';
import { purge } from './purge.ts';
import { reset } from './reset.ts';

/** What the cluster has of hosts that leave it. All is done through a control plane that stays, one host after another. */
export const leavingNodes: Phase = {
  name: 'removed-nodes',
  summary: 'hosts that leave: drained, taken out of etcd, their nodes deleted',
  hosts: 'leaving',
  needs: ({ cluster, host }) => [
    { host: CLUSTER, phase: 'control-plane' },
    ...earlier(cluster, host).map((name): PhaseRef => ({ host: name, phase: 'removed-nodes' })),
  ],
  resources: ({ cluster, host }) => {
    const member = memberOf(cluster, host);
    const all = [drainedIfAlive(cluster, host), ...member, lostNode(host)];
    return all.map((one) => ({
      resource: onlyFrom(cluster, host, unlessRefused(member, one)),
      runsOn: CLUSTER,
      isWithoutHost: true,
    }));
  },
};

/** Where the cluster knows nothing of them any more. */
export const leavingReset: Phase = {
  ...reset,
  summary: 'kubeadm reset of hosts that leave',
  hosts: 'leaving',
  needs: () => ['removed-nodes'],
  resources: ({ cluster, host }) => [afterRemoval(cluster, host)],
};

export const leavingLeftovers: Phase = { ...leftovers, hosts: 'leaving' };

/** Where the inventory wants that of a host. */
export const leavingPurge: Phase = {
  ...purge,
  summary: `${purge.summary}, of hosts with state: purged`,
  hosts: 'leaving',
  resources: (context, common) => {
    const isPurged = context.cluster.leaving.some((one) => one.isPurged && one.name === context.host.name);
    return isPurged ? (purge.resources?.(context, common) ?? []) : [];
  },
};

const earlier = ({ leaving }: Cluster, { name }: Host): readonly string[] => {
  const names = leaving.map((one) => one.name);
  return names.slice(0, names.indexOf(name));
};

/** What is on it is lost with it, though that is done by a later phase. */
const lostNode = ({ name }: Host): Resource =>
  gated(removedNode(name), {}, (_, _context, decide) => having(decide(), { destroys: [name] }));

/** Its member of etcd, where it may have one. */
const memberOf = (cluster: Cluster, host: Host): readonly Resource[] => {
  const isForced = cluster.ignoredChecks.includes(ETCD_QUORUM);
  return host.role === 'control-plane' && !isExternal(cluster)
    ? [removedMember(host, { before: earlier(cluster, host), isForced })]
    : [];
};

/** What goes with a member of etcd stays with it too: also where the check is ignored that refuses to take the member out. */
const unlessRefused = ([member]: readonly Resource[], rest: Resource): Resource =>
  member === undefined || rest === member
    ? rest
    : gated(rest, member.facts, (answers, context, decide) => {
        const outcome = member.diff(answers as never, context);
        return outcome.answer === 'refused' ? outcome : decide();
      });

/** Of a node that nobody hears from, no pod would go: they go with the node. */
const drainedIfAlive = (cluster: Cluster, host: Host): Resource =>
  gated(drained({ cluster, host, unless: null }), { api: apiState }, ({ api }, _, decide) => {
    const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
    if (node === undefined) return none(`no node ${host.name} is registered`);
    return node.isLost ? none(`nobody hears from node ${host.name}: its pods go with it`) : decide();
  });

/** Also where that phase is left out, or its checks are ignored: the data of a member of etcd goes after the member. */
function afterRemoval(cluster: Cluster, host: Host): Resource {
  const [member] = memberOf(cluster, host);
  const facts: Facts = Object.fromEntries(
    Object.entries(member?.facts ?? {}).map(([name, fact]) => [name, at(CLUSTER, fact)]),
  );
  return gated(
    resetOfLeaving(cluster, host),
    { ...facts, api: at(CLUSTER, apiState) },
    ({ api, ...answers }, context, decide) => {
      const outcome = decide();
      const isMember = (member?.diff(answers as never, context).answer ?? 'none') !== 'none';
      // etcd itself says it of a control plane, also where no API server answers in this moment.
      const { etcd } = answers as { readonly etcd?: EtcdState };
      const isOut = !isMember && etcd?.state === 'answers';
      const isPart = api.state === 'ready' ? isMember || host.name in api.nodes : !isOut;
      return outcome.answer === 'change' && isPart
        ? deferred(
            { host: host.name, phase: 'removed-nodes' },
            `the cluster without node ${host.name}`,
            outcome,
          )
        : outcome;
    },
  );
}

/** A host is not taken out of a cluster that does not answer: what it holds may be all that is left of one. */
const onlyFrom = (cluster: Cluster, { name }: Host, rest: Resource): Resource =>
  gated(
    rest,
    { api: apiState, traces: ifReached(name, kubeadmTraces(cluster)), os: ifReached(name, os()) },
    ({ api, traces, os: found }, _, decide) => {
      if (api.state === 'ready') {
        const { machineId = '' } = api.nodes[name] ?? {};
        if (traces !== undefined && traces.length > 0 && machineId !== '' && machineId !== found?.machineId)
          return otherMachine(name, machineId, found?.machineId ?? 'none');
        const outcome = decide();
        return traces === undefined && outcome.answer === 'change' && api.nodes[name]?.isLost === false
          ? noted(outcome, [heardNote(name)])
          : outcome;
      }
      if (api.state === 'unreachable') {
        return refused(
          'ClusterSilent',
          `the cluster does not answer, and so ${name} cannot be removed from it: ${api.why}`,
          'bring back as many control planes as etcd needs, and try again; a whole cluster is taken back by slipway reset',
        );
      }
      if (traces === undefined || traces.length === 0) return none('there is no cluster yet');
      return refused(
        'ClusterSilent',
        `${name} is part of a cluster, and no control plane that is to stay is: 0 would be left of it`,
        'let another control plane join first; a whole cluster is taken back by slipway reset',
      );
    },
  );

const otherMachine = (name: string, registered: string, here: string): Refused =>
  refused(
    'NodeNameTaken',
    `the machine at the address of ${name} is not the one that is registered (machine-id ${registered}, here ${here}), and part of a cluster`,
    `correct the address; or where the machine is gone, leave ${name} out of the inventory: slipway remove ${name}`,
  );

const heardNote = (name: string): string =>
  `the kubelet of ${name} is heard from: that machine is alive, and what runs there goes on`;
