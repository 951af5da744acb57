import type { Graph } from '#core/graph.ts';
import { EXIT } from '#core/exit-code.ts';
import { factKey } from '#core/fact.ts';
import { isEqualJson, type Json } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';

interface Move {
  readonly host: string;
  readonly fact: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

/**
 * Refuses a saved plan when a fact under it has moved, and says which.
 *
 * @throws {SlipwayError} with exit code 4.
 */
export function refuseStale(saved: Plan, fresh: Plan, graph: Graph): void {
  const moves = movesBetween(saved, fresh, graph);
  const [first] = moves;
  if (first === undefined && saved.cluster === fresh.cluster && saved.nodes.length === fresh.nodes.length)
    return;
  const listed = moves
    .slice(0, 10)
    .map(({ host, fact, from, to }) => `  ${host}: ${fact}: was ${shown(from)}, is ${shown(to)}`);
  const more = moves.length > 10 ? [`  and ${moves.length - 10} more`] : [];
  const what =
    first === undefined ? ['  the inventory is not the one the plan was made for'] : [...listed, ...more];
  throw new SlipwayError(`the saved plan is stale:\n${what.join('\n')}`, {
    code: 'stale-plan',
    hint: 'make and review a new plan',
    exitCode: EXIT.stalePlan,
  });
}

function movesBetween(saved: Plan, fresh: Plan, graph: Graph): readonly Move[] {
  const moves = new Map<string, Move>();
  for (const { runsOn, resource } of graph.nodes) {
    for (const fact of Object.values(resource.facts)) {
      if (fact.family.isVolatile === true) continue;
      const host = fact.host ?? runsOn;
      const key = factKey(fact);
      const from = saved.facts[host]?.[fact.family.name]?.[key];
      const to = fresh.facts[host]?.[fact.family.name]?.[key];
      if (from !== undefined && to !== undefined && isEqualJson(from, to)) continue;
      if (from === to) continue;
      const name = `${fact.family.name} ${key}`;
      moves.set(`${host} ${name}`, { host, fact: name, from, to });
    }
  }
  return [...moves.values()];
}

function shown(value: Json | undefined): string {
  const text = value === undefined ? 'not asked' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}
