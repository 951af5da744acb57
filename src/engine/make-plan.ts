import type { Answers, Fact } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Json } from '#core/json.ts';
import type { Plan, PlanHost, PlanNode } from '#core/plan.ts';
import { none, type Outcome, type PhaseRef, refused } from '#core/resource.ts';

export interface PlanInput {
  readonly cluster: string;
  readonly kubernetes: string;
  readonly graph: Graph;
  readonly answers: Answers;
  readonly hosts: readonly PlanHost[];
  /** Names of checks that may object without being heard. */
  readonly ignoredChecks: readonly string[];
}

/**
 * Decides, from answers alone, what a run would do. Pure: the same input gives the same bytes.
 *
 * A node that would ask a host nobody could reach is left out; apply skips what needs it.
 */
export function makePlan(input: PlanInput): Plan {
  const { graph, answers, hosts } = input;
  const unreachable = new Set(hosts.filter((host) => host.unreachable !== undefined).map(({ name }) => name));
  const nodes: PlanNode[] = [];
  const pending: Pending = { addresses: new Map(), phases: new Map() };
  for (const node of graph.nodes) {
    if (unreachable.size > 0 && hostsAsked(node).some((host) => unreachable.has(host))) continue;
    const outcome = heard(outcomeOf(node, answers, pending), input.ignoredChecks);
    note(node, outcome, pending);
    nodes.push({
      id: node.id,
      host: node.host,
      runsOn: node.runsOn,
      phase: node.phase,
      address: node.resource.address,
      needs: node.needs,
      outcome,
    });
  }
  return {
    format: 'slipway-plan/1',
    cluster: input.cluster,
    kubernetes: input.kubernetes,
    phases: graph.phases,
    hosts,
    nodes,
    facts: answers,
  };
}

/** What a resource's facts were answered, by the names it gave them. */
export function answersFor(node: GraphNode, answers: Answers): never {
  const given: Record<string, Json> = {};
  for (const [name, { family, key, host = node.runsOn }] of Object.entries<Fact>(node.resource.facts)) {
    const answer = answers[host]?.[family.name]?.[key];
    if (answer === undefined) {
      throw new TypeError(`${node.id}: no answer from ${host} to ${family.name} ${key}`);
    }
    given[name] = answer;
  }
  return given as never;
}

function hostsAsked({ host, runsOn, resource }: GraphNode): readonly string[] {
  return [host, runsOn, ...Object.values(resource.facts).flatMap((fact) => fact.host ?? [])];
}

/** What the plan has in store so far, by host. */
interface Pending {
  /** Of the host that is worked on. */
  readonly addresses: Map<string, Set<string>>;
  /** Of the host that it is about. */
  readonly phases: Map<string, Set<string>>;
}

function note({ host, runsOn, phase, resource }: GraphNode, { answer }: Outcome, pending: Pending): void {
  if (answer === 'change' || answer === 'deferred') {
    membersOf(pending.addresses, runsOn).add(resource.address);
    membersOf(pending.phases, host).add(phase);
  } else {
    pending.addresses.get(runsOn)?.delete(resource.address);
  }
}

function membersOf(sets: Map<string, Set<string>>, name: string): Set<string> {
  const found = sets.get(name) ?? new Set<string>();
  sets.set(name, found);
  return found;
}

function outcomeOf(node: GraphNode, answers: Answers, pending: Pending): Outcome {
  const { host, resource, runsOn } = node;
  const changed = resource.restartOn.filter((address) => pending.addresses.get(runsOn)?.has(address));
  const outcome = resource.diff(answersFor(node, answers), { host, changed });
  if (outcome.answer !== 'deferred' || isPending(outcome.waitsFor, pending)) return outcome;
  return refused(
    'Dependency',
    `needs ${outcome.why}, which comes from phase ${outcome.waitsFor.phase} on ${outcome.waitsFor.host}, and this plan does nothing there`,
    'widen --limit, --only or --skip, or find out why that phase is thought to be done',
  );
}

/** An objection that the inventory ignores by name is no objection. */
function heard(outcome: Outcome, ignoredChecks: readonly string[]): Outcome {
  if (outcome.answer !== 'refused' || !ignoredChecks.includes(outcome.check)) return outcome;
  return none(`ignored: ${outcome.check}: ${outcome.why}`);
}

const isPending = ({ host, phase }: PhaseRef, { phases }: Pending): boolean =>
  phases.get(host)?.has(phase) === true;
