import type { Answers, Facts } from '#core/fact.ts';
import { factKey } from '#core/fact.ts';
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
  const outcomes = new Map<string, Outcome>();
  const unreachable = new Set(hosts.filter((host) => host.unreachable !== undefined).map(({ name }) => name));
  const nodes: PlanNode[] = [];
  const pending = new Set<string>();
  for (const node of graph.nodes) {
    if (unreachable.size > 0 && hostsAsked(node).some((host) => unreachable.has(host))) continue;
    const outcome = heard(outcomeOf(node, answers, outcomes, pending), input.ignoredChecks);
    if (outcome.answer === 'change' || outcome.answer === 'deferred') pending.add(placeOf(node));
    outcomes.set(`${node.runsOn}/${node.resource.address}`, outcome);
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
  for (const [name, fact] of Object.entries<Facts[string]>(node.resource.facts)) {
    const host = fact.host ?? node.runsOn;
    const key = factKey(fact);
    const answer = answers[host]?.[fact.family.name]?.[key];
    if (answer === undefined) {
      throw new TypeError(`${node.id}: no answer from ${host} to ${fact.family.name} ${key}`);
    }
    given[name] = answer;
  }
  return given as never;
}

function hostsAsked({ host, runsOn, resource }: GraphNode): readonly string[] {
  return [host, runsOn, ...Object.values(resource.facts).flatMap((fact) => fact.host ?? [])];
}

function outcomeOf(
  node: GraphNode,
  answers: Answers,
  earlier: ReadonlyMap<string, Outcome>,
  pending: ReadonlySet<string>,
): Outcome {
  const { resource, runsOn } = node;
  const changed = resource.restartOn.filter((address) => {
    const answer = earlier.get(`${runsOn}/${address}`)?.answer;
    return answer === 'change' || answer === 'deferred';
  });
  const outcome = resource.diff(answersFor(node, answers), { changed });
  if (outcome.answer !== 'deferred' || pending.has(placeOf(outcome.waitsFor))) return outcome;
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

/** A phase on a host, as one word. */
const placeOf = ({ host, phase }: PhaseRef): string => `${host}/${phase}`;
