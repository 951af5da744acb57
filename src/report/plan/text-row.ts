import type { Paint, Style } from '#report/text/paint.ts';
import { counted, indent, printable, wrap } from '#report/text/text-layout.ts';
import type { DifferenceBlock, DifferenceLine } from './difference-block.ts';
import type { PlanRow, RowFact, RowKind, RowStep } from './plan-row.ts';

export interface RowLayout {
  readonly paint: Paint;
  readonly width: number;
  /** Width of the column of names; facts stand to the right of it. */
  readonly nameWidth: number;
}

/** Of each kind of row, and how it is painted. */
export const SIGNS: Readonly<Record<RowKind, readonly [string, Style]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  remove: ['-', 'red'],
  deferred: ['?', 'cyan'],
  refused: ['!', 'red'],
  none: ['=', 'dim'],
};

const FACT_STYLES: Readonly<Partial<Record<RowFact['kind'], Style>>> = {
  none: 'dim',
  refused: 'red',
  restarts: 'yellow',
  destroys: 'red',
  repeated: 'dim',
};

const LINE_STYLES: Readonly<Record<DifferenceLine['kind'], Style>> = {
  added: 'green',
  removed: 'red',
  place: 'cyan',
  same: 'dim',
};

/** The lines of a row; the facts stand in a column beside the names when they fit there, else below. */
export function rowLines(name: string, row: PlanRow, layout: RowLayout): readonly string[] {
  const { paint, width, nameWidth } = layout;
  const [sign, style] = SIGNS[row.kind];
  const head = `    ${sign} ${name}`;
  const column = 6 + nameWidth + 2;
  const heads = (head.length <= width ? [head] : broken(head, width)).map((line) => paint(style, line));
  const isBeside = row.facts.length > 0 && head.length <= column - 2 && areBeside(row.facts, width - column);
  if (!isBeside) return [...heads, ...detailLines(row, 8, layout)];
  const [first = '', ...further] = factLines(row.facts, width - column, paint);
  return [
    `${heads.join('')}${' '.repeat(column - head.length)}${first}`,
    ...indent(further, column),
    ...detailLines({ ...row, facts: [] }, 8, layout),
  ];
}

/** Facts, blocks and steps of a row below its name. */
export function detailLines(
  { facts, blocks, steps }: PlanRow,
  columns: number,
  { paint, width }: RowLayout,
): readonly string[] {
  return indent(
    [
      ...factLines(facts, width - columns, paint),
      ...blocks.flatMap((block) => [`${block.what}:`, ...indent(blockLines(block, paint), 2)]),
      ...(steps.length > 0 ? ['steps:', ...indent(stepLines(steps, paint), 2)] : []),
    ],
    columns,
  );
}

const blockLines = ({ lines, folded }: DifferenceBlock, paint: Paint): readonly string[] => [
  ...lines.map(({ kind, text }) => paint(LINE_STYLES[kind], printable(text))),
  ...(folded > 0 ? [paint('dim', `... ${counted(folded, 'more line')} (-v shows all)`)] : []),
];

const stepLines = (steps: readonly RowStep[], paint: Paint): readonly string[] =>
  steps.flatMap(({ summary, command }) => [
    `- ${summary}`,
    ...command.map((line) => paint('dim', `  $ ${printable(line)}`)),
  ]);

/** Facts fit beside a name when none has a word that would be broken there, nor needs many lines. */
const areBeside = (facts: readonly RowFact[], width: number): boolean =>
  facts.every(
    ({ text }) =>
      text.length <= width || (width >= 32 && text.length <= width * 3 && longestWord(text) <= width),
  );

const longestWord = (text: string): number => Math.max(...text.split(/\s+/).map((word) => word.length));

/** Facts one after another with commas, as many to a line as it holds. */
function factLines(facts: readonly RowFact[], width: number, paint: Paint): readonly string[] {
  const lines: string[] = [];
  let used = Infinity;
  for (const [nth, { kind, text }] of facts.entries()) {
    const parts = wrap(text + (nth === facts.length - 1 ? '' : ','), width);
    const style = FACT_STYLES[kind];
    const [head = '', ...rest] = parts.map((line) => (style === undefined ? line : paint(style, line)));
    const headWidth = parts[0]?.length ?? 0;
    if (rest.length === 0 && used + 1 + headWidth <= width) {
      lines.push(`${lines.pop() ?? ''} ${head}`);
      used += 1 + headWidth;
    } else {
      lines.push(head, ...rest);
      used = rest.length === 0 ? headWidth : Infinity;
    }
  }
  return lines;
}

/** Names are never cut: what does not fit goes on in the next line. */
function broken(head: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrap(head.trimStart(), width - 8);
  return [`    ${first}`, ...indent(rest, 8)];
}
