import type { Fact } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import { EXIT } from '#core/exit-code.ts';
import { isEqualJson, isJsonObject, type Json } from '#core/json.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';

const SHOWN = 10;
const MAX_VALUE = 40;

/** An answer that has moved and a decision with it; or a decision that has moved without. */
interface Move {
  readonly host: string;
  readonly resource: string;
  readonly fact: string;
  readonly was: string;
  readonly is: string;
}

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
      : [
          ...tableOf(moves.slice(0, SHOWN)),
          ...(moves.length > SHOWN ? [`and ${moves.length - SHOWN} more`] : []),
        ];
  throw new SlipwayError(`the saved plan is stale:\n${lines.map((line) => `  ${line}`).join('\n')}`, {
    code: 'stale-plan',
    hint: 'make and review a new plan',
    exitCode: EXIT.stalePlan,
  });
}

/** What the columns of the table are called, by their members. */
const COLUMNS = { host: 'host', resource: 'resource', fact: 'fact', was: 'then', is: 'now' } as const;

function tableOf(moves: readonly Move[]): readonly string[] {
  const members = Object.keys(COLUMNS) as readonly (keyof Move)[];
  const rows = [COLUMNS, ...moves].map((row) => members.map((member) => row[member]));
  const widths = members.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A row for each answer that changes a decision, however many it changes. */
function movesBetween(saved: Plan, fresh: Plan, graph: Graph): readonly Move[] {
  const before = new Map(saved.nodes.map((node) => [node.id, node]));
  const after = new Map(fresh.nodes.map((node) => [node.id, node]));
  const moves = graph.nodes.flatMap(({ id, host: ownHost, runsOn, address: resource, facts: asked }) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (isSameDecision(was, is)) return [];
    const moved = Object.values(asked).flatMap((fact) => {
      const host = fact.host ?? runsOn;
      const [from, to] = [saved, fresh].map(({ facts }) => facts[host]?.[fact.family.name]?.[fact.key]);
      const isVolatile = fact.family.isVolatile === true;
      return differences(from, to).map(({ path, was: then, is: now }) => {
        const name = [questionOf(fact) ?? fact.family.name, path].filter((part) => part !== '').join(': ');
        return { move: { host, resource, fact: name, was: then, is: now }, isVolatile };
      });
    });
    // None of its answers has changed, so the inventory has.
    if (moved.length === 0 || was === undefined)
      return [{ host: ownHost, resource, fact: '(decision)', was: answerOf(was), is: answerOf(is) }];
    return moved.flatMap(({ move, isVolatile }) => (isVolatile ? [] : [move]));
  });
  const byFact = Map.groupBy(moves, ({ host, fact, was, is }) => JSON.stringify([host, fact, was, is]));
  return [...byFact.values()].flatMap((same) => same.slice(0, 1));
}

const answerOf = (node: PlanNode | undefined): string => node?.outcome.answer ?? 'not planned';

function isSameDecision(was: PlanNode | undefined, is: PlanNode | undefined): boolean {
  if (was === undefined || is === undefined) return was === is;
  if (was.outcome.answer === 'none' && is.outcome.answer === 'none') return true;
  return isEqualJson(was.outcome as unknown as Json, is.outcome as unknown as Json);
}

const MAX_QUESTION = 50;

/** What was asked, in a few words; undefined where the question is long, as that for the objects of a manifest. */
function questionOf({ family, key }: Fact): string | undefined {
  const question: unknown = JSON.parse(key);
  const parts = typeof question === 'object' && question !== null ? Object.values(question) : [question];
  const isShort = parts.every((part) => part === null || typeof part !== 'object');
  const words = [family.name, ...parts.filter((part) => part !== null)].join(' ');
  return isShort && words.length <= MAX_QUESTION ? words : undefined;
}

interface Moved {
  /** To the member of the answer that differs; empty where it has none. */
  readonly path: string;
  readonly was: string;
  readonly is: string;
}

/** What differs, by the path to it where the answer has members; of a text of many lines, the first that do. */
function differences(from: Json | undefined, to: Json | undefined, path = ''): readonly Moved[] {
  if (isJsonObject(from) && isJsonObject(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) => differences(from[key], to[key], path === '' ? key : `${path}.${key}`));
  }
  if (from === to || (from !== undefined && to !== undefined && isEqualJson(from, to))) return [];
  return [{ path, was: shown(linesBeside(from, to)), is: shown(linesBeside(to, from)) }];
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
