import { type Paint, painter, type Style } from '#report/text/paint.ts';
import { table } from '#report/text/table.ts';
import { counted, paragraphs } from '#report/text/text-layout.ts';

import type { Status, StatusRow } from './status.ts';

const TITLES = ['NAME', 'ROLE', 'NODE', 'VERSION', 'RUNTIME', 'GPUS', 'HOST'] as const;

/** A table of the nodes, and below it what is not as it should be. */
export function renderTextStatus(status: Status, { color }: { readonly color: boolean }): string {
  const paint = painter(color);
  const { rows } = status;
  const nodes = table([TITLES, ...rows.map(cellsOf)], {
    style: (cell, line, column) =>
      line === 0 ? paint('dim', cell) : paintCell(rows[line - 1], cell, column, paint),
  });
  const notes = rows.filter(({ note }) => note !== '').map(({ name, note }) => `  ${name}: ${note}`);
  return paragraphs([
    [paint('bold', `Cluster ${status.cluster}, Kubernetes ${status.kubernetes}`)],
    status.isAnswering ? [] : [paint('yellow', 'No API server answers yet.')],
    nodes,
    notes,
    [summary(status)],
  ]);
}

const cellsOf = (row: StatusRow): readonly string[] => [
  row.name,
  row.role || '-',
  row.node,
  row.version || '-',
  row.runtime || '-',
  row.gpus === 0 ? '-' : String(row.gpus),
  row.host,
];

function paintCell(row: StatusRow | undefined, cell: string, index: number, paint: Paint): string {
  if (row === undefined) return cell;
  const nodeStyles: Readonly<Record<StatusRow['node'], Style>> = {
    Ready: 'green',
    NotReady: 'red',
    absent: 'yellow',
    unknown: 'dim',
  };
  if (TITLES[index] === 'NODE') return paint(nodeStyles[row.node], cell);
  return TITLES[index] === 'HOST' ? paint(row.isConverged ? 'green' : 'yellow', cell) : cell;
}

function summary({ rows, isAnswering }: Status): string {
  const ready = rows.filter(({ node }) => node === 'Ready').length;
  const hosts = rows.filter(({ role }) => role !== '');
  const converged = hosts.filter(({ isConverged }) => isConverged).length;
  const nodes = isAnswering ? `${ready} of ${counted(rows.length, 'node')} Ready, ` : '';
  return `${nodes}${converged} of ${counted(hosts.length, 'host')} converged`;
}
