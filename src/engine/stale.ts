import type { Fact } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import { EXIT } from '#core/exit-code.ts';
import { isEqualJson, isJsonObject, type Json } from '#core/json.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';

const SHOWN = 10;
const MAX_VALUE = 60;

/**
 * Refuses a saved plan when an answer has changed and a decision with it, and says which. Other answers may change:
 * the steps are those that were reviewed.
 *
 * @throws {SlipwayError} with exit code 4.
 */
export function refuseStale(saved: Plan, fresh: Plan, graph: Graph): void {
  const moves = movesBetween(saved, fresh, graph);
  const isSameInventory = saved.cluster === fresh.cluster && saved.nodes.length === fresh.nodes.length;
  if (moves.length === 0 && isSameInventory) return;
  const lines =
    moves.length === 0
      ? ['the inventory is not the one the plan was made for']
      : [...moves.slice(0, SHOWN), ...(moves.length > SHOWN ? [`and ${moves.length - SHOWN} more`] : [])];
  throw new SlipwayError(`the saved plan is stale:\n${lines.map((line) => `  ${line}`).join('\n')}`, {
    code: 'stale-plan',
    hint: 'make and review a new plan',
    exitCode: EXIT.stalePlan,
  });
}

/** A line for each answer that changes a decision. */
function movesBetween(saved: Plan, fresh: Plan, graph: Graph): readonly string[] {
  const before = new Map(saved.nodes.map((node) => [node.id, node]));
  const after = new Map(fresh.nodes.map((node) => [node.id, node]));
  const moves = graph.nodes.flatMap(({ id, runsOn, address, facts: asked }) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (isSameDecision(was, is)) return [];
    const moved = Object.values(asked).flatMap((fact) => {
      const host = fact.host ?? runsOn;
      const [from, to] = [saved, fresh].map(({ facts }) => facts[host]?.[fact.family.name]?.[fact.key]);
      const name = `${host}: ${questionOf(fact) ?? `${fact.family.name}, for ${address}`}`;
      const isVolatile = fact.family.isVolatile === true;
      return differences(from, to).map((difference) => ({ line: `${name}: ${difference}`, isVolatile }));
    });
    // None of its answers has changed, so the inventory has.
    if (moved.length === 0 || was === undefined) return [`${id}: was ${answerOf(was)}, is ${answerOf(is)}`];
    return moved.flatMap(({ line, isVolatile }) => (isVolatile ? [] : [line]));
  });
  return [...new Set(moves)];
}

const answerOf = (node: PlanNode | undefined): string => node?.outcome.answer ?? 'not planned';

function isSameDecision(was: PlanNode | undefined, is: PlanNode | undefined): boolean {
  if (was === undefined || is === undefined) return was === is;
  if (was.outcome.answer === 'none' && is.outcome.answer === 'none') return true;
  return isEqualJson(was.outcome as unknown as Json, is.outcome as unknown as Json);
}

const MAX_QUESTION = 60;

/** What was asked, in a few words; undefined where the question is long, as that for the objects of a manifest. */
function questionOf({ family, key }: Fact): string | undefined {
  const question: unknown = JSON.parse(key);
  const parts = typeof question === 'object' && question !== null ? Object.values(question) : [question];
  const isShort = parts.every((part) => part === null || typeof part !== 'object');
  const words = [family.name, ...parts.filter((part) => part !== null)].join(' ');
  return isShort && words.length <= MAX_QUESTION ? words : undefined;
}

/** What differs, by the path to it where the answer has members; of a text of many lines, the first that do. */
function differences(from: Json | undefined, to: Json | undefined, path = ''): readonly string[] {
  if (isJsonObject(from) && isJsonObject(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) => differences(from[key], to[key], path === '' ? key : `${path}.${key}`));
  }
  if (from === to || (from !== undefined && to !== undefined && isEqualJson(from, to))) return [];
  const [was, is] = [linesBeside(from, to), linesBeside(to, from)];
  return [`${path === '' ? '' : `${path} `}was ${shown(was)}, is ${shown(is)}`];
}

/** Of a text of many lines, those that another has not. */
function linesBeside(text: Json | undefined, other: Json | undefined): Json | undefined {
  if (typeof text !== 'string' || typeof other !== 'string' || !/\n./.test(text + other)) return text;
  const known = new Set(other.split('\n'));
  return text
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n');
}

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return 'not there';
  const text = JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}...` : text;
}
