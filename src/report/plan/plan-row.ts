import type { PlanNode } from '#core/plan.ts';
import type { Change, Refused } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import type { Paint, Style } from '#report/text/paint.ts';
import { formatScalar, isText, textBlock, type TextBlock } from './text-difference.ts';
import { indent, printable, wrap } from '#report/text/text-layout.ts';

/** A resource as a reviewer sees it: a sign, a name, short facts beside it, and blocks of text below. */
export interface PlanRow {
  readonly sign: '+' | '~' | '-' | '?' | '!' | '=';
  readonly name: string;
  readonly facts: readonly RowFact[];
  readonly blocks: readonly TextBlock[];
}

export interface RowFact {
  readonly text: string;
  readonly style?: Style;
}

export interface RowOptions {
  readonly paint: Paint;
  readonly verbose: boolean;
  readonly width: number;
  /** The hosts a block of this name was shown for before. */
  readonly shownOn: (name: string, block: TextBlock) => string | undefined;
}

/** Blocks up to this length are shown again where they occur again. */
const SHORT_BLOCK = 3;

const SIGN_STYLES: Readonly<Record<PlanRow['sign'], Style>> = {
  '+': 'green',
  '~': 'yellow',
  '-': 'red',
  '?': 'cyan',
  '!': 'red',
  '=': 'dim',
};

/** The address, and where its steps run when that is another host. */
export const rowName = ({ address, host, runsOn }: PlanNode): string =>
  runsOn === host || runsOn === '<host>' ? address : `${address} (on ${runsOn})`;

export function planRow(node: PlanNode, options: RowOptions): PlanRow {
  const { outcome } = node;
  const name = rowName(node);
  if (outcome.answer === 'none') {
    return { sign: '=', name, facts: [{ text: outcome.why, style: 'dim' }], blocks: [] };
  }
  if (outcome.answer === 'refused') return { sign: '!', name, facts: refusal(outcome), blocks: [] };
  if (outcome.answer === 'deferred') {
    const { host, phase } = outcome.waitsFor;
    const where = host === node.host || host === '<host>' ? phase : `${phase} on ${host}`;
    return { sign: '?', name, facts: [{ text: `waits for ${where}: ${outcome.why}` }], blocks: [] };
  }
  return changeRow(name, outcome, options);
}

function changeRow(name: string, change: Change, { verbose, paint, shownOn }: RowOptions): PlanRow {
  const { differences, restarts = [], steps } = change;
  const sign = signOf(change);
  const facts: RowFact[] = differences
    .filter((difference) => !isText(difference))
    .map((difference) => ({ text: formatScalar(difference, sign === '+') }));
  if (restarts.length > 0) facts.push({ text: `restarts ${restarts.join(', ')}`, style: 'yellow' });
  const blocks: TextBlock[] = [];
  for (const difference of differences.filter(isText)) {
    const block = textBlock(difference, verbose, paint);
    const earlier = block.lines.length > SHORT_BLOCK ? shownOn(name, block) : undefined;
    if (earlier === undefined) blocks.push(block);
    else facts.push({ text: `${block.what} as on ${earlier}`, style: 'dim' });
  }
  return { sign, name, facts, blocks: verbose ? [...blocks, ...stepBlocks(steps, paint)] : blocks };
}

/** The lines of a row; the facts stand in a column beside the names when they fit there, else below. */
export function renderRow(row: PlanRow, nameWidth: number, options: RowOptions): readonly string[] {
  const { paint, width } = options;
  const head = `    ${row.sign} ${row.name}`;
  const column = 6 + nameWidth + 2;
  const heads = (head.length <= width ? [head] : broken(head, width)).map((line) =>
    paint(SIGN_STYLES[row.sign], line),
  );
  const isBeside = row.facts.length > 0 && head.length <= column - 2 && areBeside(row.facts, width - column);
  if (!isBeside) return [...heads, ...renderDetails(row, 8, options)];
  const [first = '', ...further] = factLines(row.facts, width - column, paint);
  return [
    `${heads.join('')}${' '.repeat(column - head.length)}${first}`,
    ...indent(further, column),
    ...renderDetails({ facts: [], blocks: row.blocks }, 8, options),
  ];
}

/** Facts and blocks of a row below its name. */
export function renderDetails(
  { facts, blocks }: Pick<PlanRow, 'facts' | 'blocks'>,
  columns: number,
  { paint, width }: RowOptions,
): readonly string[] {
  const below = blocks.flatMap(({ what, lines }) => [`${what}:`, ...indent(lines, 2)]);
  return indent([...factLines(facts, width - columns, paint), ...below], columns);
}

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
  for (const [nth, fact] of facts.entries()) {
    const isLast = nth === facts.length - 1;
    const parts = wrap(fact.text + (isLast ? '' : ','), width);
    const [head = '', ...rest] = parts.map((line) =>
      fact.style === undefined ? line : paint(fact.style, line),
    );
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
const broken = (head: string, width: number): readonly string[] => {
  const [first = '', ...rest] = wrap(head.trimStart(), width - 8);
  return [`    ${first}`, ...indent(rest, 8)];
};

function signOf({ differences }: Change): '+' | '~' | '-' {
  if (differences.length > 0 && differences.every(({ from }) => from === null)) return '+';
  return differences.length > 0 && differences.every(({ to }) => to === null) ? '-' : '~';
}

const refusal = ({ check, why, hint }: Refused): readonly RowFact[] => [
  { text: `${check}: ${why}\nHint: ${hint}`, style: 'red' },
];

/** What will be run, for those who ask for every detail. */
function stepBlocks(steps: readonly Step[], paint: Paint): readonly TextBlock[] {
  if (steps.length === 0) return [];
  const lines = steps.flatMap((step) => [
    `- ${step.summary}`,
    ...commandOf(step).map((line) => paint('dim', `  $ ${line}`)),
  ]);
  return [{ what: 'steps', lines }];
}

function commandOf(step: Step): readonly string[] {
  if (step.do === 'write') return [];
  return printable(step.do === 'run' ? step.script : step.argv.join(' ')).split('\n');
}
