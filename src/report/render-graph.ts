import type { Graph, GraphNode } from '#core/graph.ts';
import { type Drawn, planLanes } from '#report/plan/plan-lanes.ts';
import { indent, printable } from '#report/text/text-layout.ts';

/** How the parts of a graph are written; an id is letters and digits. */
interface Notation {
  readonly start: readonly string[];
  readonly end: readonly string[];
  /** Opens the box of the nth host, or of the nth phase in it. */
  readonly open: (label: string, place: readonly number[]) => readonly string[];
  readonly close: string;
  readonly title: (text: string) => readonly string[];
  /** A critical one is on the longest chain of work. */
  readonly node: (id: string, label: string, isCritical?: boolean) => string;
  readonly edge: (from: string, to: string, isCritical?: boolean) => string;
}

const DOT_THICK = 'color="#7c3aed", penwidth=3';

const NOTATIONS = {
  /** @see https://mermaid.js.org/syntax/flowchart.html#subgraphs (11.4) */
  mermaid: {
    start: ['flowchart LR'],
    end: [],
    open: (label, place) => [`subgraph h${place.join('p')}[${mermaidText(label)}]`],
    close: 'end',
    title: (text) => [`accTitle: ${oneLine(text)}`, 'classDef critical stroke-width:3px,stroke:#7c3aed'],
    node: (id, label, isCritical) => `${id}[${mermaidText(label)}]${isCritical ? ':::critical' : ''}`,
    edge: (from, to, isCritical) => `${from} ${isCritical ? '==>' : '-->'} ${to}`,
  },
  /** @see https://graphviz.org/doc/info/lang.html (12.2) */
  dot: {
    start: [
      'digraph slipway {',
      '  rankdir=LR;',
      '  node [shape=box, fontname="Helvetica"];',
      '  fontname="Helvetica";',
    ],
    end: ['}'],
    open: (label, place) => [`subgraph cluster_${place.join('_')} {`, `  label=${dotText(label)};`],
    close: '}',
    title: (text) => [`label=${dotText(text)};`],
    node: (id, label, isCritical) => `${id} [label=${dotText(label)}${isCritical ? `, ${DOT_THICK}` : ''}];`,
    edge: (from, to, isCritical) => `${from} -> ${to}${isCritical ? ` [${DOT_THICK}]` : ''};`,
  },
} satisfies Readonly<Record<string, Notation>>;

export type GraphNotation = keyof typeof NOTATIONS;

/** A graph as a drawing: a box for each host, in it one for each phase. */
export function renderGraph({ nodes, phases }: Graph, notation: GraphNotation): string {
  const { node, edge }: Notation = NOTATIONS[notation];
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const idOf = (id: string): string => ids.get(id) ?? id;
  const hosts = [...Map.groupBy(nodes, ({ host }) => host)].flatMap(([host, own], nth) => {
    const byPhase = Map.groupBy(own, ({ phase }) => phase);
    const boxes = phases
      .filter((phase) => byPhase.has(phase))
      .flatMap((phase, index) => {
        const inPhase = byPhase.get(phase) ?? [];
        return box(
          notation,
          phase,
          [nth + 1, index + 1],
          inPhase.map((one) => node(idOf(one.id), labelOf(one))),
        );
      });
    return box(notation, host, [nth + 1], boxes);
  });
  // A need that is not in the graph was left out by a selection of hosts or phases.
  const edges = nodes.flatMap(({ id, needs }) =>
    needs.filter((need) => ids.has(need)).map((need) => edge(idOf(need), idOf(id))),
  );
  return whole(notation, [...hosts, ...edges]);
}

/** A plan as a drawing that can be read at any size: a box for each kind of host, in it a node for each phase. */
export function renderPlanGraph(plan: Drawn, notation: GraphNotation): string {
  const { node, edge, title: titled }: Notation = NOTATIONS[notation];
  const { title, lanes, columns, boxes, edges } = planLanes(plan);
  const named = boxes.map((one, index) => ({ ...one, id: `n${index + 1}` }));
  const hosts = lanes.flatMap(({ label }, nth) =>
    box(
      notation,
      printable(label),
      [nth + 1],
      named
        .filter(({ lane }) => lane === nth)
        .map(({ id, column, text, isCritical }) => node(id, `${columns[column]}: ${text}`, isCritical)),
    ),
  );
  const arrows = edges.map(({ from, to, isCritical }) => edge(`n${from + 1}`, `n${to + 1}`, isCritical));
  return whole(notation, [...titled(printable(title)), ...hosts, ...arrows]);
}

function box(
  notation: GraphNotation,
  label: string,
  place: readonly number[],
  content: readonly string[],
): readonly string[] {
  const { open, close }: Notation = NOTATIONS[notation];
  return [...open(label, place), ...indent(content, 2), close];
}

function whole(notation: GraphNotation, content: readonly string[]): string {
  const { start, end }: Notation = NOTATIONS[notation];
  return `${[...start, ...indent(content, 2), ...end].join('\n')}\n`;
}

/** What a node is called inside its host and phase. */
const labelOf = ({ resource, host, runsOn }: GraphNode): string =>
  runsOn === host ? resource.address : `${resource.address} (on ${runsOn})`;

/**
 * Text that Mermaid takes as it stands.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters (11.4)
 */
const mermaidText = (text: string): string =>
  `"${text.replaceAll('\n', ' ').replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('`', '#96;').replaceAll('<', '#lt;').replaceAll('>', '#gt;')}"`;

/** Of a statement that ends with its line. */
const oneLine = (text: string): string => text.replaceAll(/[\n;{}]/g, ' ');

/** A string in double quotes, where a backslash stands for itself. */
const dotText = (text: string): string =>
  `"${text.replaceAll('\n', ' ').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
