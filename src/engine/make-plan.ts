import type { Answers, Fact } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { hostsAway, type Plan, type PlanHost, type PlanNode } from '#core/plan.ts';
import { changeIn, none, noted, type Outcome, type PhaseRef, refused } from '#core/resource.ts';

import { decide } from './decide.ts';
import { type DaemonWork, noteDaemonWork, rolloutsOf } from './rollouts.ts';

export interface PlanInput {
  readonly cluster: string;
  readonly kubernetes: string;
  readonly graph: Graph;
  readonly answers: Answers;
  readonly hosts: readonly PlanHost[];
  /** Names of checks that the inventory ignores. */
  readonly ignoredChecks: readonly string[];
}

/**
 * Decides, from answers alone, what a run would do. Pure: the same input gives the same bytes.
 *
 * A node that would ask a host nobody could reach is left out; apply skips what needs it.
 */
export function makePlan(input: PlanInput): Plan {
  const { graph, hosts } = input;
  const unreachable = hostsAway(hosts);
  const gone = new Map(hosts.flatMap((one) => (one.gone === undefined ? [] : [[one.name, one.gone]])));
  const nodes: PlanNode[] = [];
  const work: DaemonWork = new Map();
  const pending: Pending = {
    addresses: new Map(),
    phases: new Map(),
    changing: new Map(),
    files: new Map(),
  };
  const watchers: (() => void)[] = [];
  for (const node of graph.nodes) {
    if (unreachable.size > 0 && hostsAsked(node).some((host) => unreachable.has(host))) continue;
    if (node.resource.watchesPhase !== undefined) {
      const index = nodes.push(plannedNode(node, UNDECIDED)) - 1;
      watchers.push(() => {
        nodes[index] = plannedNode(node, watched(node, input, pending.changing));
      });
      continue;
    }
    const outcome = notedGone(node, outcomeOf(node, input, pending), gone);
    note(node, outcome, pending);
    const planned = plannedNode(node, outcome);
    nodes.push(planned);
    noteDaemonWork(work, node, planned);
  }
  for (const decideNow of watchers) decideNow();
  const rollouts = rolloutsOf(work, graph);
  return {
    format: 'slipway-plan/2',
    cluster: input.cluster,
    kubernetes: input.kubernetes,
    phases: graph.phases,
    hosts,
    nodes,
    ...(rollouts.length > 0 && { rollouts }),
    facts: input.answers,
  };
}

function plannedNode(node: GraphNode, outcome: Outcome): PlanNode {
  const { id, host, runsOn, phase, address, needs, needsOneOf } = node;
  return needsOneOf === undefined
    ? { id, host, runsOn, phase, address, needs, outcome }
    : { id, host, runsOn, phase, address, needs, needsOneOf, outcome };
}

/** Of a node that is decided when all others are: it is none of what its phase changes. */
const UNDECIDED = none('not decided yet');

function watched(
  node: GraphNode,
  input: PlanInput,
  changing: ReadonlyMap<string, ReadonlySet<string>>,
): Outcome {
  const { answers, ignoredChecks, graph } = input;
  const { watchesPhase } = node.resource;
  const watchedHosts = watchesPhase === true || watchesPhase === undefined ? [node.host] : watchesPhase;
  const phaseChanges = watchedHosts.some((host) => changing.get(host)?.has(node.phase) === true);
  const { clusterHost } = graph;
  return decide(node, answers, { changed: [], phaseChanges, ignoredChecks, clusterHost });
}

/** Why nobody could ask a host that leaves: a person has to see whether it is gone indeed. */
const notedGone = (
  { host, isWithoutHost }: GraphNode,
  outcome: Outcome,
  gone: ReadonlyMap<string, string>,
): Outcome => {
  const why = isWithoutHost === true && outcome.answer === 'change' ? gone.get(host) : undefined;
  return why === undefined
    ? outcome
    : noted(outcome, [
        `${host} is removed from the cluster's side alone, and what is on it stays there: ${why}`,
      ]);
};

/** All hosts whose answers a node depends on. */
export const hostsAsked = ({ host, runsOn, facts, isWithoutHost }: GraphNode): readonly string[] => [
  ...(isWithoutHost === true ? [] : [host]),
  runsOn,
  ...Object.values<Fact>(facts).flatMap((fact) => fact.host ?? []),
];

/** What the plan is going to change so far, by host. */
interface Pending {
  /** Of the host that is worked on. */
  readonly addresses: Map<string, Set<string>>;
  /** Of the host that it is about; also where something is refused, which then is what stands in the way. */
  readonly phases: Map<string, Set<string>>;
  /** Phases that change something, or may, of the host that it is about. */
  readonly changing: Map<string, Set<string>>;
  /** What is written, by path. */
  readonly files: Map<string, Map<string, string>>;
}

function note(
  { host, runsOn, phase, address, resource }: GraphNode,
  outcome: Outcome,
  pending: Pending,
): void {
  const { answer } = outcome;
  if (answer !== 'none') membersOf(pending.phases, host).add(phase);
  if (mayChange(outcome) && resource.isBesidePhase !== true) membersOf(pending.changing, host).add(phase);
  if (answer === 'change' || answer === 'deferred') membersOf(pending.addresses, runsOn).add(address);
  else pending.addresses.get(runsOn)?.delete(address);
  for (const step of changeIn(outcome)?.steps ?? []) {
    if (step.do !== 'write' || typeof step.content !== 'string') continue;
    const files = pending.files.get(runsOn) ?? new Map<string, string>();
    pending.files.set(runsOn, files.set(step.path, step.content));
  }
}

const mayChange = (outcome: Outcome): boolean =>
  outcome.answer === 'change' || (outcome.answer === 'deferred' && outcome.forecast?.answer !== 'none');

function membersOf(sets: Map<string, Set<string>>, name: string): Set<string> {
  const found = sets.get(name) ?? new Set<string>();
  sets.set(name, found);
  return found;
}

function outcomeOf(node: GraphNode, input: PlanInput, pending: Pending): Outcome {
  const { answers, ignoredChecks } = input;
  const { clusterHost } = input.graph;
  const { restartOn } = node.resource;
  const changed =
    restartOn.length === 0 ? restartOn : changedOf(restartOn, pending.addresses.get(node.runsOn));
  const planned = (path: string): string | undefined => pending.files.get(node.runsOn)?.get(path);
  const outcome = decide(node, answers, { changed, planned, ignoredChecks, clusterHost });
  if (outcome.answer !== 'deferred' || isPending(outcome.waitsFor, pending)) return outcome;
  // The same words for all that is missing there, so that the cause is told once.
  return refused(
    'Dependency',
    `needs phase ${outcome.waitsFor.phase} on ${outcome.waitsFor.host}, where this plan does nothing`,
    'widen --limit, --only or --skip, or find out why that phase is thought to be done',
  );
}

const changedOf = (
  addresses: readonly string[],
  pending: ReadonlySet<string> | undefined,
): readonly string[] => addresses.filter((address) => pending?.has(address));

const isPending = ({ host, phase }: PhaseRef, { phases }: Pending): boolean =>
  phases.get(host)?.has(phase) === true;
