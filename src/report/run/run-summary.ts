import type { Failure, RunReport } from '#core/event.ts';
import { formatDuration } from '#report/text/duration.ts';
import { groupAlike } from '#report/text/group-alike.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { type Paint, painter } from '#report/text/paint.ts';
import { titledTable } from '#report/text/table.ts';
import { counted, indent, paragraphs, plainOutput, printable, withHint } from '#report/text/text-layout.ts';

export interface RunSummaryOptions {
  readonly color: boolean;
}

/** Shown after the first Ctrl-C. */
export const INTERRUPTED =
  'interrupted: what is under way comes to its end, nothing else begins (once more leaves at once)';

/** Lines of a failed command's output that are shown. */
const OUTPUT_LINES = 20;

/** How a run ended: what failed and what to do about it, what was skipped and restarted, and what is left. */
export function renderRunSummary(report: RunReport, { color }: RunSummaryOptions): string {
  const paint = painter(color);
  return paragraphs([
    failures(report, paint),
    titledTable('Unreachable', unreachable(report), { paint }),
    titledTable('Skipped', skipped(report.skipped), { paint }),
    titledTable('Left to the next run', skipped(report.paused), { paint }),
    titledTable('Left: a fresh plan still wants this', remaining(report), { paint }),
    titledTable('Restarted', restarted(report), { paint }),
    titledTable('Left to you', afterwards(report), { paint }),
    unrevoked(report, paint),
    [verdict(report, paint)],
  ]);
}

/** A failure with its command, its output and what to do, indented below who failed. */
export function failureLines(
  { message, hint, command, output, recovery }: Failure,
  paint: Paint,
): readonly string[] {
  const shown = plainOutput(output ?? '')
    .split('\n')
    .slice(-OUTPUT_LINES)
    .filter((line, _, all) => all.length > 1 || line !== '');
  return [
    ...printable(message).split('\n'),
    ...(command === undefined ? [] : commandLines(command).map((line) => paint('dim', line))),
    ...shown.map((line) => `${paint('dim', '|')} ${line}`),
    ...(recovery === undefined ? [] : [printable(recovery)]),
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
  ];
}

/** The same failure on many hosts is shown once. */
function failures({ failed }: RunReport, paint: Paint): readonly string[] {
  if (failed.length === 0) return [];
  const values = failed.map(({ node: { host, phase, address }, failure }) => ({
    host,
    value: { phase, address, failure: { ...failure } },
  }));
  return [
    paint('red', paint('bold', 'Failed')),
    ...groupAlike(values).flatMap(({ hosts, value: { phase, address, failure } }) => [
      `  ${paint('bold', formatHosts(hosts))}  ${phase}  ${paint('red', address)}`,
      ...indent(failureLines(failure, paint), 4),
    ]),
  ];
}

/** The first lines of a script; the plan has all of it. */
function commandLines(command: string): readonly string[] {
  const lines = printable(command).trimEnd().split('\n');
  const shown =
    lines.length <= 4 ? lines : [...lines.slice(0, 3), `... ${counted(lines.length - 3, 'more line')}`];
  return shown.map((line, nth) => `${nth === 0 ? '$' : ' '} ${line}`);
}

type Rows = readonly (readonly string[])[];

const unreachable = (report: RunReport): Rows =>
  [...Map.groupBy(report.unreachable, ({ why, hint }) => withHint(why, hint))].map(([text, same]) => [
    shortHosts(same.map(({ host }) => host)),
    printable(text),
  ]);

const skipped = (all: RunReport['skipped']): Rows =>
  groupAlike(all.map(({ node: { host }, because }) => ({ host, value: because }))).map(({ hosts, value }) => [
    counted(hosts.length, 'resource'),
    `on ${shortHosts(hosts)}: ${value}`,
  ]);

/** Without files that a failure has told of already: they are as before again. */
const leftOf = ({ left, failed }: RunReport): RunReport['left'] =>
  left.filter(
    ({ node: { host, address } }) =>
      !failed.some(
        ({ node, failure: { recovery = '' } }) =>
          node.host === host && recovery.split(/,? /).includes(address.replace(/^[^:]*:/, '')),
      ),
  );

const remaining = (report: RunReport): Rows =>
  groupAlike(
    leftOf(report).map(({ node: { host, phase, address }, why }) => ({
      host,
      value: `${phase}  ${address}: ${why}`,
    })),
  ).map(({ hosts, value }) => [shortHosts(hosts), printable(value)]);

const restarted = ({ restarts }: RunReport): Rows =>
  [...Map.groupBy(restarts, ({ unit }) => unit)].map(([unit, same]) => [
    unit,
    formatHosts(unique(same.map(({ host }) => host))),
  ]);

const afterwards = (report: RunReport): Rows =>
  [...Map.groupBy(report.afterwards, ({ text }) => text)].map(([text, same]) => [
    shortHosts(same.map(({ host }) => host)),
    printable(text),
  ]);

const shortHosts = (hosts: readonly string[]): string => formatHosts(unique(hosts), 40);

const unique = (hosts: readonly string[]): readonly string[] => [...new Set(hosts)];

function unrevoked({ unrevoked: names }: RunReport, paint: Paint): readonly string[] {
  if (names.length === 0) return [];
  return [
    paint('yellow', `Not taken back: ${names.join(', ')}`),
    '  These secrets end by their own lifetime.',
  ];
}

function verdict(report: RunReport, paint: Paint): string {
  const { changed, failed, skipped: untried, unreachable: away, elapsedMs } = report;
  const left = leftOf(report);
  const troubles = [
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(untried.length > 0 ? [`${untried.length} skipped`] : []),
    ...(away.length > 0 ? [`${away.length} unreachable`] : []),
    ...(left.length > 0 ? [`${left.length} left`] : []),
  ];
  const counts = [`${changed} changed`, ...troubles].join(', ');
  const isDone = troubles.length === 0;
  const isPaused = isDone && report.paused.length > 0;
  const word = isPaused ? 'Paused' : isDone ? 'Done' : 'Not done';
  const text = `${word}: ${counts} in ${formatDuration(elapsedMs)}.`;
  if (isPaused) return paint('yellow', `${text} Look at what has been done; then run it again to go on.`);
  return paint(isDone ? 'green' : 'red', isDone ? `${text} Nothing is left to do.` : text);
}
