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
export function renderTextRun(run: RecordedRun, { color, width }: RunReportOptions): string {
  const { head, work, report } = run;
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
  return paragraphs([
    [
      paint('bold', `${head.command} of cluster ${printable(head.cluster)}: ${resultOf(run)}`),
      `${head.startedAt}, by ${printable(head.holder)}, with slipway ${head.slipway}`,
    ],
    titledTable('Phases', phases, { paint, width }),
    titledTable('Slowest', slowest, { paint, width }),
    titledTable('Each waited for the one before', path, { paint, width }),
    report === undefined
      ? ['The run was cut off. The same command again goes on from where the hosts are.']
      : renderRunSummary(report, { color }).trimEnd().split('\n'),
  ]);
}

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

/**
 * A run for Perfetto and chrome://tracing: a process for each host, in it as many rows as were worked on at once, and
 * arrows along the longest chain.
 *
 * @see https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (Trace Event Format)
 */
export function renderTraceRun({ plan, work, report }: RecordedRun): string {
  const pids = new Map(plan.hosts.map(({ name }, index) => [name, index + 1]));
  const rows = rowsOf(work);
  const placeOf = (one: Work) => ({ pid: pids.get(one.node.host) ?? 0, tid: rows.get(one) ?? 1 });
  const slices = work.flatMap((one) => {
    const { node, summary, startMs, endMs, waitingMs, result } = one;
    const slice = { cat: node.phase, ph: 'X', ...placeOf(one) };
    const args = { phase: node.phase, step: summary, result: result?.result ?? 'cut off' };
    return [
      { ...slice, name: node.address, ts: startMs * 1000, dur: (endMs - startMs) * 1000, args },
      ...(waitingMs === undefined
        ? []
        : [{ ...slice, name: 'waiting', ts: waitingMs * 1000, dur: (endMs - waitingMs) * 1000, args: {} }]),
    ];
  });
  const onPath = new Map(work.map((one) => [one.node.id, one]));
  const path = (report?.criticalPath ?? []).flatMap(({ node }) => onPath.get(node.id) ?? []);
  const arrows = path.slice(1).flatMap((one, index) => {
    const before = path[index];
    if (before === undefined) return [];
    const arrow = { name: 'waited for', cat: 'critical path', id: index + 1 };
    return [
      { ...arrow, ph: 's', ts: before.endMs * 1000 - 1, ...placeOf(before) },
      { ...arrow, ph: 'f', bp: 'e', ts: one.startMs * 1000, ...placeOf(one) },
    ];
  });
  const names = [...pids].map(([name, pid]) => ({ name: 'process_name', ph: 'M', pid, args: { name } }));
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents: [...names, ...slices, ...arrows] })}\n`;
}

/** The row of each: of a host, no two overlap in one. */
function rowsOf(work: readonly Work[]): ReadonlyMap<Work, number> {
  const rows = new Map<Work, number>();
  for (const own of Map.groupBy(work, ({ node }) => node.host).values()) {
    const ends: number[] = [];
    for (const one of own) {
      const free = ends.findIndex((end) => end <= one.startMs);
      const row = free < 0 ? ends.length : free;
      ends[row] = one.endMs;
      rows.set(one, row + 1);
    }
  }
  return rows;
}
