import type { NodeRef } from './event.ts';
import type { Answers } from './fact.ts';
import type { Outcome } from './resource.ts';

/**
 * What a run would do: plain JSON, the same bytes for the same inventory and the same answers. It holds no
 * secret, no time and no path of the controller.
 */
export interface Plan {
  readonly format: 'slipway-plan/1';
  readonly cluster: string;
  readonly kubernetes: string;
  /** Names, in the order of the workflow. */
  readonly phases: readonly string[];
  /** Hosts in inventory order; those that could not be reached have no nodes. */
  readonly hosts: readonly PlanHost[];
  readonly nodes: readonly PlanNode[];
  /** Daemons that are restarted on several hosts, which take turns; absent where there are none. */
  readonly rollouts?: readonly Rollout[];
  /** The facts it rests on. */
  readonly facts: Answers;
}

export interface PlanHost {
  readonly name: string;
  /** Why it could not be asked, where it could not. */
  readonly unreachable?: string;
  /** What to do about that. */
  readonly hint?: string;
}

/** Names of the hosts that could not be asked. */
export const hostsAway = (hosts: readonly Pick<PlanHost, 'name' | 'unreachable'>[]): ReadonlySet<string> =>
  new Set(hosts.flatMap(({ name, unreachable }) => (unreachable === undefined ? [] : [name])));

/** A daemon, and the hosts on which it is restarted. The first failure stops it. */
export interface Rollout {
  readonly daemon: string;
  /** Names of the hosts that are worked on at the same time; each batch waits for the one before it. */
  readonly batches: readonly (readonly string[])[];
}

export interface PlanNode {
  readonly id: string;
  readonly host: string;
  readonly runsOn: string;
  readonly phase: string;
  readonly address: string;
  readonly needs: readonly string[];
  readonly outcome: Outcome;
}

/** What events and reports call a node. */
export const refOf = ({ id, host, phase, address }: NodeRef): NodeRef => ({ id, host, phase, address });

export interface PlanSummary {
  readonly change: number;
  readonly deferred: number;
  readonly none: number;
  readonly refused: number;
  readonly hosts: number;
  readonly unreachable: number;
}

export function summarize(plan: Plan): PlanSummary {
  const count = (answer: Outcome['answer']): number =>
    plan.nodes.filter(({ outcome }) => outcome.answer === answer).length;
  const unreachable = plan.hosts.filter((host) => host.unreachable !== undefined).length;
  return {
    change: count('change'),
    deferred: count('deferred'),
    none: count('none'),
    refused: count('refused'),
    hosts: plan.hosts.length,
    unreachable,
  };
}

/** True when there is nothing left to do, and nothing in the way. */
export function isEmpty(plan: Plan): boolean {
  const { change, deferred, refused, unreachable } = summarize(plan);
  return change + deferred + refused + unreachable === 0;
}
