import { filledTemplate, templates } from '#core/template.ts';
import { formatDuration } from '#report/text/duration.ts';
import { counted, printable, truncate } from '#report/text/text-layout.ts';
import { element, escaped, type Markup } from '#report/text/xml.ts';
import { lengthOf, nameOf, renderTextRun, resultOf } from './run-reports.ts';
import type { RecordedRun, Work } from './recorded-run.ts';

/** In pixels. */
const SIZE = { label: 420, bars: 900, row: 20 } as const;
/** Rows that are drawn: those that took longest. */
const ROWS = 500;

/** A run as one page that loads nothing: its timeline, and all that its text says. */
export function renderHtmlRun(run: RecordedRun): string {
  const { head } = run;
  return filledTemplate('report/run.html', {
    style: templates('report/palette.css', 'report/run.css'),
    title: escaped(printable(`${head.command} of cluster ${head.cluster}: ${resultOf(run)}`)),
    when: escaped(printable(`${head.startedAt}, by ${head.holder}, with slipway ${head.slipway}`)),
    timeline: timeline(run).markup,
    text: escaped(renderTextRun(run, { color: false, width: 120 })),
  });
}

function timeline({ work, report }: RecordedRun): Markup {
  const longest = new Set(work.toSorted((left, right) => lengthOf(right) - lengthOf(left)).slice(0, ROWS));
  const shown = work.filter((one) => longest.has(one));
  const endMs = Math.max(1, ...shown.map((one) => one.endMs));
  const critical = new Set(report?.criticalPath.map(({ node }) => node.id));
  const [width, height] = [SIZE.label + SIZE.bars + 90, (shown.length + 1) * SIZE.row];
  const frame = {
    class: 'timeline',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-label': `${counted(shown.length, 'resource')} in ${formatDuration(endMs)}; the text below says the same`,
  };
  return element('svg', frame, ...shown.map((one, row) => bar(one, row, endMs, critical.has(one.node.id))));
}

/** What was worked on, and in a lighter colour what was only waited for. */
function bar(one: Work, row: number, totalMs: number, isCritical: boolean): Markup {
  const { node, summary, startMs, endMs, waitingMs, result } = one;
  const at = (ms: number): number => Math.round(SIZE.label + (ms / totalMs) * SIZE.bars);
  const y = (row + 1) * SIZE.row;
  const part = (kind: string, from: number, to: number): Markup =>
    element('rect', {
      class: kind,
      x: at(from),
      y: y - 14,
      width: Math.max(at(to) - at(from), 2),
      height: 14,
    });
  const kind = result?.result ?? 'cut';
  const name = nameOf(node);
  return element(
    'g',
    { class: isCritical ? 'critical' : 'work' },
    element('title', {}, printable(`${name}: ${summary}, ${formatDuration(lengthOf(one))}, ${kind}`)),
    element('text', { x: 0, y: y - 3 }, printable(truncate(name, 62))),
    part(kind, startMs, waitingMs ?? endMs),
    ...(waitingMs === undefined ? [] : [part('waiting', waitingMs, endMs)]),
    element('text', { class: 'length', x: at(endMs) + 6, y: y - 3 }, formatDuration(lengthOf(one))),
  );
}
