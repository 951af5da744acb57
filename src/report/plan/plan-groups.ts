import { type Json, stableJson } from '#core/json.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';

/** Hosts on which the same resources change in the same way. */
export interface HostGroup {
  readonly hosts: readonly string[];
  readonly phases: readonly PhaseGroup[];
}

export interface PhaseGroup {
  readonly phase: string;
  readonly entries: readonly Entry[];
}

/** A resource on every host of a group. */
export interface Entry {
  /** One where all hosts have the same outcome, but for their own names. */
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly hosts: readonly string[];
  /** Of the first host; with `<host>` for its name in a group of more than one. */
  readonly node: PlanNode;
}

const OWN_NAME = '<host>';

/**
 * Puts hosts together whose plans have the same form: the same resources with the same answers and the same
 * things differing. Values may vary, and are kept apart as variants, so nothing is hidden by grouping.
 */
export function groupHosts(plan: Plan): readonly HostGroup[] {
  const byHost = Map.groupBy(plan.nodes, ({ host }) => host);
  const reachable = plan.hosts.map(({ name }) => name).filter((name) => byHost.has(name));
  const groups = Map.groupBy(reachable, (host) => formOf(host, byHost.get(host) ?? []));
  return [...groups.values()].map((hosts) => ({
    hosts,
    phases: plan.phases.flatMap((phase) => phaseGroup(phase, hosts, byHost) ?? []),
  }));
}

function phaseGroup(
  phase: string,
  hosts: readonly string[],
  byHost: ReadonlyMap<string, readonly PlanNode[]>,
): PhaseGroup | undefined {
  const columns = hosts.map((host) => (byHost.get(host) ?? []).filter((node) => node.phase === phase));
  const entries = (columns[0] ?? []).map((_, index) => ({
    variants: variantsOf(columns.flatMap((column) => column[index] ?? [])),
  }));
  return entries.length === 0 ? undefined : { phase, entries };
}

function variantsOf(nodes: readonly PlanNode[]): readonly Variant[] {
  const byOutcome = Map.groupBy(nodes, ({ host, outcome }) =>
    nameless(stableJson(outcome as unknown as Json), host),
  );
  return [...byOutcome.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [{ hosts: same.map(({ host }) => host), node: nodes.length > 1 ? withoutName(first) : first }];
  });
}

const formOf = (host: string, nodes: readonly PlanNode[]): string =>
  nameless(
    JSON.stringify(
      nodes.map(({ phase, address, runsOn, outcome }) => [phase, address, runsOn, form(outcome)]),
    ),
    host,
  );

function form(outcome: Outcome): readonly string[] {
  if (outcome.answer !== 'change') return [outcome.answer];
  const { differences } = outcome;
  return differences.map(({ what, from, to }) => `${what} ${from === null} ${to === null}`);
}

/** The node with its host's own name written as a placeholder. */
function withoutName(node: PlanNode): PlanNode {
  const { host, address, runsOn, outcome } = node;
  const rest = nameless(JSON.stringify({ address, runsOn, outcome }), host);
  return { ...node, ...(JSON.parse(rest) as Partial<PlanNode>) };
}

/** JSON with a host's name written as a placeholder, wherever it stands as a word. */
function nameless(json: string, host: string): string {
  if (!json.includes(host)) return json;
  const name = new RegExp(`(?<![\\w.-])${host.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'g');
  return json.replaceAll(name, OWN_NAME);
}
