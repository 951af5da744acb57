import type { Answers, Fact, HostAnswers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';

/** The facts that nodes ask for, by the host that is asked; each once. */
export function factsByHost(
  nodes: readonly Pick<GraphNode, 'runsOn' | 'facts'>[],
): ReadonlyMap<string, readonly Fact[]> {
  const byHost = new Map<string, Map<string, Map<string, Fact>>>();
  for (const { facts, runsOn } of nodes) {
    for (const name in facts) {
      const fact = facts[name]!;
      const families = memberOf(byHost, fact.host ?? runsOn);
      memberOf(families, fact.family.name).set(fact.key, fact);
    }
  }
  return new Map(
    [...byHost].map(([host, families]) => [
      host,
      [...families.values()].flatMap((byKey) => [...byKey.values()]),
    ]),
  );
}

/** The map of that name, made where there is none yet. Texts are not put together: this is done for every fact of every host. */
function memberOf<Value>(maps: Map<string, Map<string, Value>>, name: string): Map<string, Value> {
  const known = maps.get(name);
  if (known !== undefined) return known;
  const made = new Map<string, Value>();
  maps.set(name, made);
  return made;
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
