import type { Cluster, Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Plan } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Workflow } from '#core/workflow.ts';
import { controlPlaneSpeaker, nodesIn } from '#phases/control-plane-speaker.ts';
import { leavingLeftovers, leavingNodes, leavingPurge, leavingReset } from '#phases/leaving.ts';

/** From a cluster to the same without a node. */
export const removeWorkflow: Workflow = {
  name: 'remove',
  summary: 'a node out of the cluster',
  phases: [leavingNodes, leavingReset, leavingLeftovers, leavingPurge],
  isDestructive: true,
  speaker: controlPlaneSpeaker,
};

/**
 * Refuses a name that stands for nothing, of which a plan would have nothing to say.
 *
 * @throws {SlipwayError} that names the nodes there are.
 */
export function refuseUnknown(plan: Plan, { leaving }: Cluster): void {
  const unknown = leaving.find(({ address }) => address === '');
  const nodes = nodesIn(plan.facts);
  if (unknown === undefined || nodes === undefined || nodes.includes(unknown.name)) return;
  if (plan.nodes.some(({ outcome }) => outcome.answer === 'change')) return;
  const { name } = unknown;
  throw new SlipwayError(`the cluster has no node ${name}, and the inventory no host of that name`, {
    code: 'unknown-node',
    exitCode: EXIT.usage,
    hint: `the nodes are ${nodes.toSorted().slice(0, NAMED).join(', ')}${nodes.length > NAMED ? ', ...' : ''}; what is removed already needs nothing more`,
  });
}

const NAMED = 20;

/**
 * The cluster as if the inventory said `state: absent` of a host. One that the inventory does not know has no address:
 * nobody connects to it, and it may have been a control plane.
 *
 * @throws {SlipwayError} where no control plane would be left.
 */
export function without(cluster: Cluster, name: string): Cluster {
  const { hosts, leaving } = cluster;
  const [first] = hosts;
  const known: Host | undefined =
    [...hosts, ...leaving].find((host) => host.name === name) ??
    (first && { ...first, name, address: '', role: 'control-plane' });
  const left = hosts.filter((host) => host.name !== name);
  if (known === undefined || !left.some(({ role }) => role === 'control-plane')) {
    throw new SlipwayError(`${name} is the last control plane of the inventory: 0 would be left`, {
      code: 'last-control-plane',
      exitCode: EXIT.usage,
      hint: 'let another control plane join first; a whole cluster is taken back by slipway reset',
    });
  }
  return { ...cluster, hosts: left, leaving: [{ ...known, isPurged: true }] };
}
