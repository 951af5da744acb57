import { filledTemplate, templates } from '#core/template.ts';
import { formatDuration } from '#report/text/duration.ts';
import { counted, paragraphs, printable } from '#report/text/text-layout.ts';
import { element, escaped, type Markup } from '#report/text/xml.ts';
import { endOf, lengthOf, nameOf, resultOf, timesOf } from './run-reports.ts';
import type { RecordedRun, Work } from './recorded-run.ts';

/** Rows that are drawn: those that took longest. */
const ROWS = 500;

/** A run as one page that loads nothing: how it ended, its timeline, and what took how long. */
export function renderHtmlRun(run: RecordedRun): string {
  const { head } = run;
  return filledTemplate('report/run.html', {
    style: templates('report/palette.css', 'report/run.css'),
    title: escaped(printable(`${head.command} of cluster ${head.cluster}: ${resultOf(run)}`)),
    when: escaped(printable(`${head.startedAt}, by ${head.holder}, with slipway ${head.slipway}`)),
    outcome: escaped(paragraphs([endOf(run, PLAIN)])),
    timeline: timeline(run).markup,
    text: escaped(paragraphs(timesOf(run, PLAIN))),
  });
}

const PLAIN = { color: false, width: 120 };

function timeline({ work, report }: RecordedRun): Markup {
  const longest = new Set(work.toSorted((left, right) => lengthOf(right) - lengthOf(left)).slice(0, ROWS));
  const shown = work.filter((one) => longest.has(one));
  const endMs = Math.max(1, ...shown.map((one) => one.endMs));
  const critical = new Set(report?.criticalPath.map(({ node }) => node.id));
  const label = `${counted(shown.length, 'resource')} in ${formatDuration(endMs)}`;
  const rows = shown.map((one) => row(one, endMs, critical.has(one.node.id)));
  return element('ol', { class: 'timeline', 'aria-label': label }, ...rows);
}

/** What was worked on, and in a lighter colour what was only waited for. */
function row(one: Work, totalMs: number, isCritical: boolean): Markup {
  const { node, summary, startMs, endMs, waitingMs, result } = one;
  const percent = (ms: number): string => `${((ms / totalMs) * 100).toFixed(2)}%`;
  const bar = (kind: string, from: number, to: number): Markup => {
    const style = `left: ${percent(from)}; width: max(2px, ${percent(to - from)})`;
    return element('span', { class: `bar ${kind}`, style });
  };
  const kind = result?.result ?? 'cut';
  const name = printable(nameOf(node));
  const length = formatDuration(lengthOf(one));
  const bars = [
    bar(kind, startMs, waitingMs ?? endMs),
    ...(waitingMs === undefined ? [] : [bar(`${kind} waiting`, waitingMs, endMs)]),
  ];
  return element(
    'li',
    {
      ...(isCritical && { class: 'critical' }),
      title: `${name}: ${printable(summary)}, ${length}, ${kind === 'cut' ? 'cut off' : kind}`,
    },
    element('span', { class: 'name' }, name),
    element('span', { class: 'track' }, ...bars),
    element('span', { class: 'length' }, length),
  );
}
