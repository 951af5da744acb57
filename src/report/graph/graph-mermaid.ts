import type { Graph } from '#core/graph.ts';
import { graphModel, labelOf } from './graph-model.ts';

/**
 * A graph as a Mermaid flowchart: a box for each host, in it one for each phase.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html#subgraphs (11.4)
 */
export function renderMermaid(graph: Graph): string {
  const { hosts, edges, idOf } = graphModel(graph);
  const boxes = hosts.flatMap(({ host, phases }, nth) => [
    `  subgraph h${nth + 1}[${quoted(host)}]`,
    ...phases.flatMap(({ phase, nodes }, index) => [
      `    subgraph h${nth + 1}p${index + 1}[${quoted(phase)}]`,
      ...nodes.map((node) => `      ${idOf(node.id)}[${quoted(labelOf(node))}]`),
      '    end',
    ]),
    '  end',
  ]);
  const arrows = edges.map(({ from, to }) => `  ${idOf(from)} --> ${idOf(to)}`);
  return `${['flowchart LR', ...boxes, ...arrows].join('\n')}\n`;
}

/**
 * Text that Mermaid takes as it stands.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters (11.4)
 */
const quoted = (text: string): string =>
  `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('`', '#96;').replaceAll('<', '#lt;').replaceAll('>', '#gt;')}"`;
