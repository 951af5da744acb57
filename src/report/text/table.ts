import type { Paint } from './paint.ts';
import { columnWidth, indent, wrap } from './text-layout.ts';

export interface TableOptions {
  /** Columns that a line may have: the last cell of a row is wrapped to what the others leave. Default: no limit. */
  readonly width?: number;
  /** Cells longer than this do not widen their column. Default: no limit. */
  readonly limit?: number;
  readonly style?: (cell: string, row: number, column: number) => string;
}

/** The most that the first column gets; the text of a longer name begins farther right. */
const NAME_WIDTH = 40;

/** Rows of equally many cells, each column as wide as its cells need, with two spaces between. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): readonly string[] {
  const { width = Infinity, limit = Infinity, style = (cell) => cell } = options;
  const widths = (rows[0] ?? []).map((_, column) =>
    columnWidth(
      rows.map((row) => row[column] ?? ''),
      limit,
    ),
  );
  const used = widths.slice(0, -1).reduce((sum, columns) => sum + columns + 2, 0);
  return rows.flatMap((row, nth) => {
    const [last = '', ...further] = wrap(row.at(-1) ?? '', width - used);
    const cells = [...row.slice(0, -1), last].map((cell, column) =>
      style(column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell, nth, column),
    );
    return [cells.join('  ').trimEnd(), ...indent(further, used)];
  });
}

/** Rows under a title; nothing where there are none. */
export function titledTable(
  title: string,
  rows: readonly (readonly string[])[],
  { paint, width = Infinity }: { readonly paint: Paint; readonly width?: number },
): readonly string[] {
  if (rows.length === 0) return [];
  const titles = wrap(title, width).map((line) => paint('bold', line));
  return [...titles, ...indent(table(rows, { width: width - 2, limit: NAME_WIDTH }), 2)];
}
