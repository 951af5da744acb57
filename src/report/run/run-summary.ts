import type { Failure, NodeRef, RunReport } from '#core/event.ts';
import { formatDuration } from '#report/text/duration.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { type Paint, painter } from '#report/text/paint.ts';
import { columnWidth, counted, indent, plainOutput, printable } from '#report/text/text-layout.ts';

export interface RunSummaryOptions {
  readonly color: boolean;
}

/** What the first Ctrl-C does; said while it does it. */
export const INTERRUPTED =
  'interrupted: what is under way comes to its end, nothing else begins (once more leaves at once)';

/** Lines of a failed command's output that are shown. */
const OUTPUT_LINES = 20;

/** What a run came to: what failed and what to do about it, then what was skipped, restarted and is left. */
export function renderRunSummary(report: RunReport, { color }: RunSummaryOptions): string {
  const paint = painter(color);
  const sections = [
    failures(report, paint),
    table('Unreachable', byText(report.unreachable.map(({ host, why }) => ({ host, text: why }))), paint),
    table('Skipped', skipped(report), paint),
    table('Left: a fresh plan still wants this', left(report), paint),
    table('Restarted', restarted(report), paint),
    unrevoked(report, paint),
    [verdict(report, paint)],
  ];
  const filled = sections.filter((section) => section.length > 0);
  return `${filled.map((section) => section.join('\n')).join('\n\n')}\n`;
}

/** A failure with its command, its output and what to do, indented below who failed. */
export function failureLines({ message, hint, command, output }: Failure, paint: Paint): readonly string[] {
  const shown = plainOutput(output ?? '')
    .split('\n')
    .slice(-OUTPUT_LINES)
    .filter((line, _, all) => all.length > 1 || line !== '');
  return [
    ...printable(message).split('\n'),
    ...(command === undefined ? [] : commandLines(command).map((line) => paint('dim', line))),
    ...shown.map((line) => `${paint('dim', '|')} ${line}`),
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
  ];
}

/** The same failure on many hosts is told once. */
function failures({ failed }: RunReport, paint: Paint): readonly string[] {
  if (failed.length === 0) return [];
  const same = Map.groupBy(failed, ({ node, failure }) =>
    JSON.stringify([node.phase, node.address, failure]).replaceAll(node.host, ''),
  );
  return [
    paint('red', paint('bold', 'Failed')),
    ...[...same.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const hosts = formatHosts(group.map(({ node }) => node.host));
      return [
        `  ${paint('bold', hosts)}  ${first.node.phase}  ${paint('red', first.node.address)}`,
        ...indent(failureLines(first.failure, paint), 4),
      ];
    }),
  ];
}

/** A script is known by its first lines; all of it is in the plan. */
function commandLines(command: string): readonly string[] {
  const lines = printable(command).trimEnd().split('\n');
  const shown =
    lines.length <= 4 ? lines : [...lines.slice(0, 3), `... ${counted(lines.length - 3, 'more line')}`];
  return shown.map((line, nth) => `${nth === 0 ? '$' : ' '} ${line}`);
}

interface Row {
  readonly name: string;
  readonly text: string;
}

function table(title: string, rows: readonly Row[], paint: Paint): readonly string[] {
  if (rows.length === 0) return [];
  const width = columnWidth(
    rows.map(({ name }) => name),
    40,
  );
  return [paint('bold', title), ...rows.map(({ name, text }) => `  ${name.padEnd(width)}  ${text}`)];
}

/** Hosts that share a reason, on one line. */
const byText = (rows: readonly { readonly host: string; readonly text: string }[]): readonly Row[] =>
  [...Map.groupBy(rows, ({ text }) => text)].map(([text, same]) => ({
    name: formatHosts([...new Set(same.map(({ host }) => host))], 40),
    text: printable(text),
  }));

function skipped(report: RunReport): readonly Row[] {
  const groups = Map.groupBy(report.skipped, ({ because }) => because);
  return [...groups].map(([because, same]) => ({
    name: counted(same.length, 'resource'),
    text: `on ${namesOf(same)}: ${because}`,
  }));
}

const namesOf = (entries: readonly { readonly node: NodeRef }[]): string =>
  formatHosts([...new Set(entries.map(({ node }) => node.host))], 40);

function left(report: RunReport): readonly Row[] {
  const groups = Map.groupBy(report.left, ({ node, why }) => `${node.phase}  ${node.address}: ${why}`);
  return [...groups].map(([text, same]) => ({ name: namesOf(same), text: printable(text) }));
}

const restarted = ({ restarts }: RunReport): readonly Row[] =>
  [...Map.groupBy(restarts, ({ unit }) => unit)].map(([unit, same]) => ({
    name: unit,
    text: formatHosts([...new Set(same.map(({ host }) => host))]),
  }));

function unrevoked({ unrevoked: names }: RunReport, paint: Paint): readonly string[] {
  if (names.length === 0) return [];
  return [
    paint('yellow', `Not taken back: ${names.join(', ')}`),
    '  These secrets end by their own lifetime.',
  ];
}

function verdict(report: RunReport, paint: Paint): string {
  const { changed, failed, skipped: missed, unreachable, left: open, elapsedMs } = report;
  const troubles = [
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(missed.length > 0 ? [`${missed.length} skipped`] : []),
    ...(unreachable.length > 0 ? [`${unreachable.length} unreachable`] : []),
    ...(open.length > 0 ? [`${open.length} left`] : []),
  ];
  const counts = [`${changed} changed`, ...troubles].join(', ');
  const isDone = troubles.length === 0;
  const text = `${isDone ? 'Done' : 'Not done'}: ${counts} in ${formatDuration(elapsedMs)}.`;
  return paint(isDone ? 'green' : 'red', isDone ? `${text} Nothing is left to do.` : text);
}
