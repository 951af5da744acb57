import { printable } from '#report/text/text-layout.ts';
import type { RecordedRun, Work } from './recorded-run.ts';

/** Where an event is shown: on a row of a host. */
interface Place {
  readonly pid: number;
  readonly tid: number;
}

/** In whole microseconds. */
interface TraceEvent extends Place {
  readonly ph: 'X' | 's' | 'f';
  readonly name: string;
  readonly cat: string;
  readonly ts: number;
  readonly [member: string]: unknown;
}

/** Threads are told apart by their numbers alone in some programs, and one with the number of its process is its main one. */
const ROWS = 1000;

/**
 * A run for Perfetto and chrome://tracing: a process for each host, in it as many rows as were worked on at once, and
 * arrows along the longest chain. What was only waited for lies within what waited.
 *
 * @see https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (Trace Event Format)
 */
export function renderTraceRun(run: RecordedRun): string {
  const { plan, work, report } = run;
  const hosts = new Set([...plan.hosts.map(({ name }) => name), ...work.map(({ node }) => node.host)]);
  const pids = new Map([...hosts].map((name, index) => [name, index + 1]));
  const rows = rowsOf(work);
  const placeOf = (one: Work): Place => {
    const pid = pids.get(one.node.host) ?? 0;
    return { pid, tid: pid * ROWS + (rows.get(one) ?? 1) };
  };
  const byId = new Map(work.map((one) => [one.node.id, one]));
  const path = (report?.criticalPath ?? []).flatMap(({ node }) => byId.get(node.id) ?? []);
  const events = [
    ...work.flatMap((one) => slicesOf(one, placeOf(one))),
    ...path.slice(1).flatMap((one, index) => {
      const before = path[index];
      return before === undefined ? [] : arrow(index + 1, before, one, placeOf);
    }),
  ];
  const names = [...pids].flatMap(([name, pid]) => [
    { name: 'process_name', ph: 'M', pid, args: { name: printable(name) } },
    { name: 'process_sort_index', ph: 'M', pid, args: { sort_index: pid } },
  ]);
  const places = Map.groupBy(work.map(placeOf), ({ tid }) => tid);
  const threads = [...places.values()]
    .flatMap((same) => same.slice(0, 1))
    .map(({ pid, tid }) => ({ name: 'thread_name', ph: 'M', pid, tid, args: { name: `row ${tid % ROWS}` } }));
  // What begins together stays as it is: a slice stands before what lies within it.
  const sorted = events.toSorted((left, right) => left.ts - right.ts);
  const traceEvents = [...names, ...threads, ...sorted];
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents })}\n`;
}

const inMicroseconds = (ms: number): number => Math.round(ms * 1000);

function slicesOf(
  { node, summary, startMs, endMs, waitingMs, result }: Work,
  place: Place,
): readonly TraceEvent[] {
  const slice = (name: string, fromMs: number, args: object): TraceEvent => {
    const ts = inMicroseconds(fromMs);
    return { ph: 'X', name, cat: node.phase, ...place, ts, dur: inMicroseconds(endMs) - ts, args };
  };
  const args = { phase: node.phase, step: printable(summary), result: result?.result ?? 'cut off' };
  return [
    slice(printable(node.address), startMs, args),
    ...(waitingMs === undefined ? [] : [slice('waiting', waitingMs, {})]),
  ];
}

/** From the end of a slice to the beginning of one that waited for it; both ends have to lie within their slices. */
function arrow(id: number, before: Work, after: Work, placeOf: (one: Work) => Place): readonly TraceEvent[] {
  const common = { name: 'waited for', cat: 'critical path', id };
  const ends = Math.max(inMicroseconds(before.startMs), inMicroseconds(before.endMs) - 1);
  return [
    { ...common, ph: 's', ...placeOf(before), ts: ends },
    { ...common, ph: 'f', bp: 'e', ...placeOf(after), ts: inMicroseconds(after.startMs) },
  ];
}

/** The row of each: of a host, no two overlap in one. */
function rowsOf(work: readonly Work[]): ReadonlyMap<Work, number> {
  const rows = new Map<Work, number>();
  for (const own of Map.groupBy(work, ({ node }) => node.host).values()) {
    const ends: number[] = [];
    for (const one of own.toSorted((left, right) => left.startMs - right.startMs)) {
      const free = ends.findIndex((end) => end <= one.startMs);
      const row = free < 0 ? ends.length : free;
      ends[row] = one.endMs;
      rows.set(one, row + 1);
    }
  }
  return rows;
}
