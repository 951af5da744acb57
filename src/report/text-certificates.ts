import { type Paint, painter } from '#report/text/paint.ts';
import { table } from '#report/text/table.ts';
import { counted, paragraphs } from '#report/text/text-layout.ts';

import { type CertificateList, type CertificateRow, isUrgent } from './certificate-list.ts';

const TITLES = ['EXPIRES IN', 'ON', 'HOST', 'CERTIFICATE', 'SIGNED BY'] as const;

/** A table of all certificates, what ends first at the top, and how many are to be renewed. */
export function renderTextCertificates(
  list: CertificateList,
  { color }: { readonly color: boolean },
): string {
  const paint = painter(color);
  const { certificates, unreachable } = list;
  return paragraphs([
    [paint('bold', `Cluster ${list.cluster}`)],
    certificates.length === 0
      ? ['No host has certificates of a cluster.']
      : table([TITLES, ...certificates.map(cellsOf)], {
          style: (cell, line, column) =>
            line === 0 ? paint('dim', cell) : paintCell(certificates[line - 1], cell, column, paint),
        }),
    Object.entries(unreachable).map(([host, why]) => `  ${host}: ${why}`),
    [summary(list)],
  ]);
}

const cellsOf = ({ daysLeft, notAfter, host, path, issuer }: CertificateRow): readonly string[] => [
  timeLeft(daysLeft),
  notAfter.slice(0, 10) || '-',
  host,
  path,
  issuer || '-',
];

/** `20d`, `9y 352d`; `ended 3d ago`. */
export function timeLeft(days: number | null): string {
  if (days === null) return 'unreadable';
  if (days < 0) return `ended ${-days}d ago`;
  const years = Math.floor(days / 365);
  return years === 0 ? `${days}d` : `${years}y ${days % 365}d`;
}

function paintCell(row: CertificateRow | undefined, cell: string, column: number, paint: Paint): string {
  if (row === undefined || column > 1) return cell;
  if (!row.isChecked) return paint('dim', cell);
  if (row.state === 'valid') return paint('green', cell);
  return paint(row.state === 'due' ? 'yellow' : 'red', cell);
}

function summary({ certificates }: CertificateList): string {
  const count = (state: CertificateRow['state']): number =>
    certificates.filter((row) => isUrgent(row) && row.state === state).length;
  const unreadable = count('unreadable');
  return [
    counted(certificates.length, 'certificate'),
    `${count('due')} to be renewed soon`,
    `${count('expired')} ended`,
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ].join(', ');
}
