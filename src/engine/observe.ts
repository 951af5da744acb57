import type { Answers, Fact, HostAnswers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';

/** The facts that nodes ask for, by the host that is asked; each once. */
export function factsByHost(
  nodes: readonly Pick<GraphNode, 'runsOn' | 'facts'>[],
): ReadonlyMap<string, readonly Fact[]> {
  const byHost = new Map<string, Map<string, Fact>>();
  for (const node of nodes) {
    for (const fact of Object.values<Fact>(node.facts)) {
      const host = fact.host ?? node.runsOn;
      const facts = byHost.get(host) ?? new Map<string, Fact>();
      facts.set(`${fact.family.name} ${fact.key}`, fact);
      byHost.set(host, facts);
    }
  }
  return new Map([...byHost].map(([host, facts]) => [host, [...facts.values()]]));
}

/** Asks what a few nodes need to know, of all the hosts concerned at once. */
export async function observe(
  nodes: readonly Pick<GraphNode, 'runsOn' | 'facts'>[],
  ask: (host: string, facts: readonly Fact[]) => Promise<HostAnswers>,
): Promise<Answers> {
  const asked = [...factsByHost(nodes)].map(async ([host, facts]): Promise<[string, HostAnswers]> => [
    host,
    await ask(host, facts),
  ]);
  return Object.fromEntries(await Promise.all(asked));
}

/** What one host answered, and later answers in the place of earlier ones. */
export function mergeAnswers(earlier: HostAnswers = {}, later: HostAnswers): HostAnswers {
  const families = Object.entries(later).map(([family, byKey]) => [family, { ...earlier[family], ...byKey }]);
  return { ...earlier, ...Object.fromEntries(families) };
}
