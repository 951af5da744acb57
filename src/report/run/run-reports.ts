import { isSuccess } from '#engine/report.ts';
import { renderJunit, type Suite } from '#report/junit.ts';
import { formatDuration } from '#report/text/duration.ts';
import { painter } from '#report/text/paint.ts';
import { titledTable } from '#report/text/table.ts';
import { counted, paragraphs, printable } from '#report/text/text-layout.ts';
import { failureLines, renderRunSummary } from './run-summary.ts';
import type { RecordedRun, Work } from './recorded-run.ts';

export interface RunReportOptions {
  readonly color: boolean;
  readonly width: number;
}

/** How many of the slowest are shown. */
const SLOWEST = 10;

/** How a run went, in a word. */
export function resultOf({ report }: Pick<RecordedRun, 'report'>): string {
  if (report === undefined) return 'cut off';
  return isSuccess(report) ? 'done' : 'not done';
}

/** Recorded runs, a line each. */
export function renderRuns(runs: readonly RecordedRun[], { color, width }: RunReportOptions): string {
  if (runs.length === 0) return 'No run is recorded here yet.\n';
  const rows = runs.map((run) => {
    const { head, report } = run;
    const counts =
      report === undefined
        ? ''
        : `, ${report.changed} changed, ${report.failed.length} failed in ${formatDuration(report.elapsedMs)}`;
    return [run.name, `${resultOf(run)}${counts}, by ${printable(head.holder)}`];
  });
  return paragraphs([titledTable('Runs', rows, { paint: painter(color), width })]);
}

/** A run for a person: when, by whom, what took longest and why it could not be shorter, and how it ended. */
export function renderTextRun(run: RecordedRun, options: RunReportOptions): string {
  const { head } = run;
  const paint = painter(options.color);
  return paragraphs([
    [
      paint('bold', `${head.command} of cluster ${printable(head.cluster)}: ${resultOf(run)}`),
      `${head.startedAt}, by ${printable(head.holder)}, with slipway ${head.slipway}`,
    ],
    ...timesOf(run, options),
    endOf(run, options),
  ]);
}

type Paragraph = readonly string[];

/** What took how long, and why the whole could not be shorter. */
export function timesOf(
  { work, report }: RecordedRun,
  { color, width }: RunReportOptions,
): readonly Paragraph[] {
  const paint = painter(color);
  const byPhase = Map.groupBy(work, ({ node }) => node.phase);
  const phases = [...byPhase].map(([phase, own]) => {
    const span = spanOf(own);
    return [
      phase,
      `${counted(own.length, 'resource')}, ${formatDuration(lengthOf(span))} from ${formatDuration(span.startMs)} on`,
    ];
  });
  const slowest = work
    .toSorted((left, right) => lengthOf(right) - lengthOf(left))
    .slice(0, SLOWEST)
    .map((one) => [
      formatDuration(lengthOf(one)),
      `${nameOf(one.node)}: ${printable(one.summary)}${waited(one)}`,
    ]);
  const path = (report?.criticalPath ?? []).map(({ node, elapsedMs }) => [
    formatDuration(elapsedMs),
    nameOf(node),
  ]);
  return [
    titledTable('Phases', phases, { paint, width }),
    titledTable('Slowest', slowest, { paint, width }),
    titledTable('Each waited for the one before', path, { paint, width }),
  ];
}

/** How it ended, and what to do about that. */
export const endOf = ({ report }: RecordedRun, { color }: RunReportOptions): Paragraph =>
  report === undefined
    ? ['The run was cut off. The same command again goes on from where the hosts are.']
    : renderRunSummary(report, { color }).trimEnd().split('\n');

/** For people. */
export const nameOf = ({ host, phase, address }: Work['node']): string => `${host} ${phase} ${address}`;

/** In milliseconds. */
export const lengthOf = ({ startMs, endMs }: Span): number => endMs - startMs;

type Span = Pick<Work, 'startMs' | 'endMs'>;

/** From the first start to the last end. A large cluster has more resources than a function takes arguments. */
const spanOf = (work: readonly Span[]): Span =>
  work.reduce((all, one) => ({
    startMs: Math.min(all.startMs, one.startMs),
    endMs: Math.max(all.endMs, one.endMs),
  }));

const waited = ({ waitingMs, endMs }: Work): string =>
  waitingMs === undefined ? '' : ` (of that ${formatDuration(endMs - waitingMs)} waiting)`;

/** A run for a CI system: a suite for each host, a test for each resource that was worked on. */
export function renderJunitRun({ head, work }: RecordedRun): string {
  const suites = [...Map.groupBy(work, ({ node }) => node.host)].map(([host, own]): Suite => ({
    name: `${head.command} ${head.cluster} ${host}`,
    results: own.map(testOf),
  }));
  return renderJunit(suites);
}

function testOf(work: Work): Suite['results'][number] {
  const { node, summary, result } = work;
  const found = { name: `${node.phase} ${node.address}`, elapsedMs: lengthOf(work) };
  if (result === undefined) return { ...found, status: 'failed', message: 'the run was cut off' };
  if (result.result === 'failed') {
    const { message } = result.failure;
    const output = failureLines(result.failure, painter(false)).join('\n');
    return { ...found, status: 'failed', message, output };
  }
  if (result.result === 'skipped') return { ...found, status: 'skipped', message: result.because };
  return { ...found, status: 'passed', message: summary };
}
