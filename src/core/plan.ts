import type { NodeRef } from './event.ts';
import type { Answers } from './fact.ts';
import { rememberLast } from './remember-last.ts';
import { changeIn, type Outcome } from './resource.ts';
import { hasUnknown } from './unknown.ts';

/**
 * What a run would do: plain JSON, the same bytes for the same inventory and the same answers. It holds no
 * secret, no time and no path of the controller.
 */
export interface Plan {
  readonly format: 'slipway-plan/2';
  readonly cluster: string;
  readonly kubernetes: string;
  /** Names, in the order of the workflow. */
  readonly phases: readonly string[];
  /** Hosts in inventory order; those that could not be reached have no nodes. */
  readonly hosts: readonly PlanHost[];
  readonly nodes: readonly PlanNode[];
  /** Daemons that are restarted on several hosts, which take turns; absent where there are none. */
  readonly rollouts?: readonly Rollout[];
  /** What runs on the nodes that it disrupts; absent where it disrupts none, or the cluster does not say. */
  readonly pods?: readonly NodePods[];
  /** The facts it rests on. */
  readonly facts: Answers;
}

export interface PlanHost {
  readonly name: string;
  /** Why it could not be asked, where it could not. */
  readonly unreachable?: string;
  /** The same of a host that leaves: its removal goes on without it, and nothing fails because of that. */
  readonly gone?: string;
  /** What to do about that. */
  readonly hint?: string;
}

/** Names of the hosts that could not be asked. */
export const hostsAway = (hosts: readonly Omit<PlanHost, 'hint'>[]): ReadonlySet<string> =>
  new Set(
    hosts.flatMap(({ name, unreachable, gone }) => ((unreachable ?? gone) === undefined ? [] : [name])),
  );

/** A daemon, and the hosts on which it is restarted. The first failure stops it. */
export interface Rollout {
  readonly daemon: string;
  /** Names of the hosts that are worked on at the same time; each batch waits for the one before it. */
  readonly batches: readonly (readonly string[])[];
  /** Where the run ends before all have had their turn; absent: it does not. */
  readonly pause?: RolloutPause;
}

export interface RolloutPause {
  /** How many batches this run does. */
  readonly batches: number;
  /** The selector of the hosts after which it pauses, as the inventory has it. */
  readonly after: string;
}

/** The pods of a node that have not ended, also those of DaemonSets and static ones. */
export type NodePods = {
  readonly node: string;
  readonly pods: number;
  /** Those of them that have GPUs, by who made them. */
  readonly gpus: readonly OwnedPods[];
};

export type OwnedPods = {
  /** `Job ml/train`; a pod that nobody made stands for itself. */
  readonly owner: string;
  readonly pods: number;
};

export interface PlanNode {
  readonly id: string;
  readonly host: string;
  readonly runsOn: string;
  readonly phase: string;
  readonly address: string;
  readonly needs: readonly string[];
  /** And all nodes of one of these lists, whichever is done first. */
  readonly needsOneOf?: readonly (readonly string[])[];
  readonly outcome: Outcome;
}

/** What events and reports call a node. */
export const refOf = ({ id, host, phase, address }: NodeRef): NodeRef => ({ id, host, phase, address });

export interface PlanSummary {
  /** Now, or as it is forecast. */
  readonly change: number;
  /** Of those: forecasts in which something is not known yet. */
  readonly inPart: number;
  /** Nothing will be done to them, as it is forecast; they are looked at when what they wait for is there. */
  readonly later: number;
  /** Without a forecast. */
  readonly deferred: number;
  readonly none: number;
  readonly refused: number;
  readonly hosts: number;
  readonly unreachable: number;
}

/** Counted once for a plan: who shows it, who asks about it and who ends the program want to know. */
export const summarize = rememberLast(({ nodes, hosts }: Pick<Plan, 'nodes' | 'hosts'>): PlanSummary => {
  const counts = { change: 0, inPart: 0, later: 0, deferred: 0, none: 0, refused: 0 };
  for (const { outcome } of nodes) {
    const { answer } = outcome;
    if (answer === 'none' || answer === 'refused') {
      counts[answer] += 1;
      continue;
    }
    const seen = changeIn(outcome);
    if (seen !== undefined) counts.change += 1;
    if (answer === 'change') continue;
    if (seen !== undefined && hasUnknown(seen)) counts.inPart += 1;
    if (outcome.forecast?.answer === 'none') counts.later += 1;
    if (outcome.forecast === undefined) counts.deferred += 1;
  }
  const unreachable = hosts.filter((host) => host.unreachable !== undefined).length;
  return { ...counts, hosts: hosts.length, unreachable };
});

/** True when there is nothing left to do, and nothing in the way. */
export function isEmpty(plan: Plan): boolean {
  return (
    plan.nodes.every(({ outcome }) => outcome.answer === 'none') &&
    plan.hosts.every(({ unreachable }) => unreachable === undefined)
  );
}
