import type { Graph } from '#core/graph.ts';
import { graphModel, labelOf } from './graph-model.ts';

/**
 * A graph for Graphviz: a cluster for each host, in it one for each phase.
 *
 * @see https://graphviz.org/doc/info/lang.html (12.2)
 */
export function renderDot(graph: Graph): string {
  const { hosts, edges, idOf } = graphModel(graph);
  const boxes = hosts.flatMap(({ host, phases }, nth) => [
    `  subgraph cluster_${nth + 1} {`,
    `    label=${quoted(host)};`,
    ...phases.flatMap(({ phase, nodes }, index) => [
      `    subgraph cluster_${nth + 1}_${index + 1} {`,
      `      label=${quoted(phase)};`,
      ...nodes.map((node) => `      ${idOf(node.id)} [label=${quoted(labelOf(node))}];`),
      '    }',
    ]),
    '  }',
  ]);
  const arrows = edges.map(({ from, to }) => `  ${idOf(from)} -> ${idOf(to)};`);
  const settings = ['  rankdir=LR;', '  node [shape=box, fontname="Helvetica"];', '  fontname="Helvetica";'];
  return `${['digraph slipway {', ...settings, ...boxes, ...arrows, '}'].join('\n')}\n`;
}

/** A string in double quotes, where a backslash stands for itself. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
