import { formatDuration } from '#report/text/duration.ts';
import type { Activity, PhaseProgress } from './live-progress.ts';
import type { Paint } from '#report/text/paint.ts';
import { columnWidth, counted, plainOutput, truncate } from '#report/text/text-layout.ts';

/** A phase as it is shown: a title, and what its hosts do below it. */
export interface PhaseView {
  readonly phase: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped';
  readonly title: string;
  readonly lines: readonly string[];
}

export interface ViewOptions {
  readonly nowMs: number;
  readonly rows: number;
  readonly columns: number;
  readonly paint: Paint;
}

/** Lines that stay free: the prompt above, and room for what else is printed. */
const FREE_ROWS = 6;
/** Failures shown below a phase; all of them are in the summary. */
const FAILURES = 3;
/** What stands before a line: a sign and its indentation. */
const MARGIN = 6;

/**
 * All phases within the height of a terminal: each has one line, and those that run share what is left, so
 * that hundreds of hosts never scroll away what is above.
 */
export function viewPhases(phases: readonly PhaseProgress[], options: ViewOptions): readonly PhaseView[] {
  const running = phases.filter((phase) => stateOf(phase) === 'running' && phase.activities.size > 0);
  const failureLines = phases.map((phase) => viewFailures(phase, options));
  const used = phases.length + failureLines.flat().length;
  const shares = shareOut(
    running.map(({ activities }) => activities.size),
    Math.max(options.rows - FREE_ROWS - used, running.length),
  );
  const nameWidth = columnWidth(phases.map(({ phase }) => phase));
  return phases.map((phase, index) => {
    const share = shares[running.indexOf(phase)] ?? 0;
    return {
      phase: phase.phase,
      state: stateOf(phase),
      title: viewTitle(phase, nameWidth, options),
      lines: [...(failureLines[index] ?? []), ...viewActivities(phase, share, options)],
    };
  });
}

function stateOf(phase: PhaseProgress): PhaseView['state'] {
  const { failures, skipped, startedAtMs, endedAtMs } = phase;
  if (endedAtMs === undefined) return startedAtMs === undefined ? 'waiting' : 'running';
  if (failures.length > 0) return 'failed';
  return skipped > 0 ? 'skipped' : 'done';
}

function viewTitle(phase: PhaseProgress, nameWidth: number, { nowMs, paint }: ViewOptions): string {
  const { open, failures, skipped, startedAtMs, endedAtMs } = phase;
  const hosts = open.size;
  const hostsDone = [...open.values()].filter((count) => count === 0).length;
  const state = stateOf(phase);
  const counter = `${hostsDone}/${counted(hosts, 'host')}`.padEnd(`${hosts}/${hosts} hosts`.length);
  const name = phase.phase.padEnd(nameWidth);
  if (state === 'waiting') return paint('dim', `${name}  ${counter}`.trimEnd());
  const elapsed = startedAtMs === undefined ? '' : formatElapsed((endedAtMs ?? nowMs) - startedAtMs);
  const troubles = [
    ...(failures.length > 0 ? [paint('red', `${failures.length} failed`)] : []),
    ...(skipped > 0 ? [paint('yellow', `${skipped} skipped`)] : []),
  ];
  return [name, counter, paint('dim', elapsed.padStart(6)), ...troubles].join('  ').trimEnd();
}

function viewFailures({ failures }: PhaseProgress, { columns, paint }: ViewOptions): readonly string[] {
  const shown = failures.slice(0, FAILURES).map(({ node, failure }) => {
    const [message = ''] = plainOutput(failure.message).split('\n');
    return paint('red', truncate(`${node.host}  ${node.address}: ${message}`, columns - MARGIN));
  });
  const more = failures.length - shown.length;
  return more > 0 ? [...shown, paint('red', `and ${more} more failed`)] : shown;
}

/** Those that have run longest come first: that is what a person waits for. */
function viewActivities(
  { activities }: PhaseProgress,
  share: number,
  { nowMs, columns, paint }: ViewOptions,
): readonly string[] {
  if (share === 0) return [];
  const sorted = [...activities.values()].toSorted((left, right) => left.startedAtMs - right.startedAtMs);
  // Where there is one line only, it has the longest and the number of the others.
  const shown = sorted.slice(0, sorted.length > share ? Math.max(share - 1, 1) : share);
  const hostWidth = columnWidth(shown.map(({ node }) => node.host));
  const lines = shown.map(({ node, startedAtMs, doing }) => {
    const time = formatElapsed(nowMs - startedAtMs).padStart(6);
    const head = `${node.host.padEnd(hostWidth)}  ${time}  ${node.address}`;
    const room = columns - MARGIN - head.length - 2;
    const text = room < 8 ? '' : truncate(plainOutput(doing).replaceAll('\n', ' '), room);
    return text === '' ? truncate(head, columns - MARGIN) : `${head}  ${paint('dim', text)}`;
  });
  const more = sorted.slice(shown.length);
  if (more.length === 0) return lines;
  const rest = paint('dim', `and ${moreHosts(more)}`);
  if (share > 1) return [...lines, rest];
  return shown.map(({ node }) => `${node.host}  ${truncate(node.address, columns - MARGIN - 30)}  ${rest}`);
}

const moreHosts = (activities: readonly Activity[]): string =>
  `${new Set(activities.map(({ node }) => node.host)).size} more`;

/** In whole seconds, as the time still runs. */
const formatElapsed = (elapsedMs: number): string =>
  elapsedMs < 60_000 ? `${Math.floor(elapsedMs / 1000)}s` : formatDuration(elapsedMs);

/** Divides lines evenly; who needs fewer than that leaves them to the others. */
function shareOut(needs: readonly number[], lines: number): readonly number[] {
  const shares = needs.map(() => 0);
  for (let remaining = lines; remaining > 0;) {
    const short = needs.flatMap((need, index) => ((shares[index] ?? 0) < need ? [index] : []));
    if (short.length === 0) break;
    for (const index of short.slice(0, remaining)) shares[index] = (shares[index] ?? 0) + 1;
    remaining -= Math.min(short.length, remaining);
  }
  return shares;
}
