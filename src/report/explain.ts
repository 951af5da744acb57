import { CHECK_EXPLANATIONS, type Explanation } from '#catalog/check-explanations.ts';
import { RESOURCE_EXPLANATIONS } from '#catalog/resource-explanations.ts';
import { globExpression } from '#core/glob.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { changeIn } from '#core/resource.ts';
import type { Plan } from '#core/plan.ts';
import { formatHosts } from './text/host-names.ts';
import { painter } from './text/paint.ts';
import { titledTable } from './text/table.ts';
import { paragraphs, printable, truncate, wrap } from './text/text-layout.ts';

/** The name that is explained, of what stands in a plan: `cp1/preflight/check:ClockSkew`, `check:ClockSkew`. */
export function plainName(written: string): string {
  const address = written.replace(/^[^/:]+\/[^/:]+\//, '');
  const check = address.replace(/^check:/, '');
  return isCheck(check) ? check : address;
}

const isCheck = (name: string): boolean => name in CHECK_EXPLANATIONS || name.startsWith('Port-');

/** What something is for; undefined where nothing of slipway has this name. */
export function explanationOf(name: string): Explanation | undefined {
  const check = CHECK_EXPLANATIONS[name.replace(/^Port-\d+$/, 'Port')];
  if (check !== undefined) return check;
  const [, found] =
    Object.entries(RESOURCE_EXPLANATIONS).find(([pattern]) => globExpression(pattern).test(name)) ?? [];
  if (found === undefined) return undefined;
  if (typeof found === 'string') return { text: found };
  const [text, see] = found;
  return { text, see };
}

/** What an inventory makes of a resource: its graph, and its plan for freshly installed machines. */
export interface ExplainContext {
  readonly graph: Graph;
  readonly plan: Plan;
}

export interface ExplainOptions {
  readonly color: boolean;
  readonly width: number;
  /** Absent where there is no inventory. */
  readonly context?: ExplainContext | undefined;
}

/** Facts that are listed. */
const FACTS = 12;

/** A resource or a check for a person: what it is for, what it asks, what it would change, how to go without it. */
export function renderExplanation(name: string, explanation: Explanation, options: ExplainOptions): string {
  const { color, width, context } = options;
  const paint = painter(color);
  const check = isCheck(name);
  const nodes = context?.graph.nodes.filter(({ address }) => isAbout(address, name)) ?? [];
  return paragraphs([
    [paint('bold', printable(name)), ...wrap(explanation.text, width)],
    ...(nodes.length === 0 || context === undefined ? [] : inInventory(nodes, context, options)),
    wrap(
      check
        ? `To go on although it fails: ignoreChecks: [${name}] in the inventory.`
        : `To leave it out: --skip ${nodes[0]?.phase ?? 'PHASE'}, with all of its phase. What stands in its way is ignored by the name of the check.`,
      width,
    ),
    explanation.see === undefined ? [] : [`See ${explanation.see}`],
  ]);
}

/** A check is the resource `check:NAME`. */
const isAbout = (address: string, name: string): boolean => address === name || address === `check:${name}`;

function inInventory(
  nodes: readonly GraphNode[],
  { plan }: ExplainContext,
  { color, width }: ExplainOptions,
): readonly (readonly string[])[] {
  const paint = painter(color);
  const [first] = nodes;
  const facts = Object.entries(first?.facts ?? {}).map(([called, { family, key }]) => [
    printable(called),
    printable(truncate(`${family.name} ${key}`, 80)),
  ]);
  const changes = plan.nodes
    .filter(({ id }) => id === first?.id)
    .flatMap(({ outcome }) => changeIn(outcome)?.steps ?? []);
  return [
    titledTable(
      'In this inventory',
      [
        ['phase', first?.phase ?? ''],
        ['hosts', formatHosts([...new Set(nodes.map(({ host }) => host))])],
      ],
      { paint, width },
    ),
    titledTable(
      facts.length > FACTS ? `Facts it reads (${facts.length}, of which the first)` : 'Facts it reads',
      facts.slice(0, FACTS),
      { paint, width },
    ),
    titledTable(
      'Steps on a freshly installed machine',
      changes.map(({ do: kind, summary }) => [kind, printable(summary)]),
      { paint, width },
    ),
  ];
}
