import type { Graph, GraphNode } from '#core/graph.ts';
import { indent } from '#report/text/text-layout.ts';

/** How the parts of a graph are written; an id is letters and digits. */
interface Notation {
  readonly start: readonly string[];
  readonly end: readonly string[];
  /** Opens the box of the nth host, or of the nth phase in it. */
  readonly open: (label: string, place: readonly number[]) => readonly string[];
  readonly close: string;
  readonly node: (id: string, label: string) => string;
  readonly edge: (from: string, to: string) => string;
}

const NOTATIONS = {
  /** @see https://mermaid.js.org/syntax/flowchart.html#subgraphs (11.4) */
  mermaid: {
    start: ['flowchart LR'],
    end: [],
    open: (label, place) => [`subgraph h${place.join('p')}[${mermaidText(label)}]`],
    close: 'end',
    node: (id, label) => `${id}[${mermaidText(label)}]`,
    edge: (from, to) => `${from} --> ${to}`,
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
    node: (id, label) => `${id} [label=${dotText(label)}];`,
    edge: (from, to) => `${from} -> ${to};`,
  },
} satisfies Readonly<Record<string, Notation>>;

/** A graph as a drawing: a box for each host, in it one for each phase. */
export function renderGraph({ nodes, phases }: Graph, notation: keyof typeof NOTATIONS): string {
  const { start, end, open, close, node, edge }: Notation = NOTATIONS[notation];
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const idOf = (id: string): string => ids.get(id) ?? id;
  const box = (label: string, place: readonly number[], content: readonly string[]): readonly string[] => [
    ...open(label, place),
    ...indent(content, 2),
    close,
  ];
  const hosts = [...Map.groupBy(nodes, ({ host }) => host)].flatMap(([host, own], nth) => {
    const byPhase = Map.groupBy(own, ({ phase }) => phase);
    const boxes = phases
      .filter((phase) => byPhase.has(phase))
      .flatMap((phase, index) => {
        const inPhase = byPhase.get(phase) ?? [];
        return box(
          phase,
          [nth + 1, index + 1],
          inPhase.map((one) => node(idOf(one.id), labelOf(one))),
        );
      });
    return box(host, [nth + 1], boxes);
  });
  // A need that is not in the graph was left out by a selection of hosts or phases.
  const edges = nodes.flatMap(({ id, needs }) =>
    needs.filter((need) => ids.has(need)).map((need) => edge(idOf(need), idOf(id))),
  );
  return `${[...start, ...indent([...hosts, ...edges], 2), ...end].join('\n')}\n`;
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
  `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('`', '#96;').replaceAll('<', '#lt;').replaceAll('>', '#gt;')}"`;

/** A string in double quotes, where a backslash stands for itself. */
const dotText = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
