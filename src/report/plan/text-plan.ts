import type { Plan } from '#core/plan.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { type Paint, painter } from '#report/text/paint.ts';
import { titledTable } from '#report/text/table.ts';
import { columnWidth, counted, indent, paragraphs, withHint, wrap } from '#report/text/text-layout.ts';
import {
  groupTitle,
  hiddenSentence,
  idleSentence,
  phasesSentence,
  summarySentence,
  TITLES,
} from './plan-sentences.ts';
import { type Remark, remarkPlaces } from './plan-remarks.ts';
import { type EntryView, type GroupView, type PhaseView, planView } from './plan-view.ts';
import { detailLines, rowLines, type RowLayout } from './text-row.ts';

export interface TextPlanOptions {
  readonly color: boolean;
  /** Shows what is right already and why, whole files, and what each step does. */
  readonly verbose: boolean;
  /** With the shell of each step; default: without. */
  readonly hasShell?: boolean;
  /** Columns; only the lines of a difference may be longer. */
  readonly width: number;
}

/** Longer names have their facts below them. */
const NAME_COLUMN = 44;

/** A plan for a person to review: by host, then phase, with all that follows from it at the end. */
export function renderTextPlan(
  plan: Plan,
  { color, verbose, hasShell = false, width }: TextPlanOptions,
): string {
  const paint = painter(color);
  const view = planView(plan, { verbose, hasShell });
  const titled = (title: string, remarks: readonly Remark[]): readonly string[] => {
    const rows = remarks.map((remark) => [
      remark.name,
      withHint(`${remark.text} (${remarkPlaces(remark)})`, remark.hint),
    ]);
    return titledTable(title, rows, { paint, width });
  };
  const unreachable = view.unreachable.map(({ name, text, hint }) => [name, withHint(text, hint)]);
  const notes = titled(TITLES.notes, view.notes);
  const summary = summarySentence(view);
  const sums = view.changes.length < 2 ? [] : wrap(phasesSentence(view), width);
  if (view.isEmpty && !verbose) return paragraphs([notes, [summary]]);
  const idle = view.idle.hosts.length === 0 ? [] : wrap(idleSentence(view), width);
  return paragraphs([
    [paint('bold', `Cluster ${view.cluster}, Kubernetes ${view.kubernetes}`)],
    ...view.groups.map((group) => groupLines(group, paint, width)),
    idle.map((line) => paint('dim', line)),
    titledTable(TITLES.destroys, radius(view.destroys), { paint, width }),
    titledTable(TITLES.drains, radius(view.drains), { paint, width }),
    titledTable(TITLES.restarts, radius(view.restarts), { paint, width }),
    titledTable(TITLES.gpuPods, radius(view.gpuPods), { paint, width }),
    titledTable(
      TITLES.turns,
      view.turns.map(({ name, text }) => [name, text]),
      { paint, width },
    ),
    notes,
    titledTable(TITLES.unreachable, unreachable, { paint, width }),
    titled(TITLES.refusals, view.refusals),
    [...sums, view.isEmpty ? summary : paint('bold', summary)],
  ]);
}

/** What is disrupted, where, and what that means. */
const radius = (remarks: readonly Remark[]): readonly (readonly string[])[] =>
  remarks.map(({ name, text, hosts }) => {
    const places = hosts.join() === name ? [] : [formatHosts(hosts)];
    return [name, [...places, ...(text === '' ? [] : [text])].join(': ')];
  });

function groupLines(group: GroupView, paint: Paint, width: number): readonly string[] {
  const phaseWidth = columnWidth(group.phases.map(({ phase }) => phase));
  const names = group.phases.flatMap(({ entries }) => entries.map(({ name }) => name));
  const layout = { paint, width, nameWidth: columnWidth(names, NAME_COLUMN) };
  return [
    ...wrap(groupTitle(group), width).map((line) => paint('bold', line)),
    ...group.phases.flatMap((phase) => [
      phaseLine(phase, phaseWidth, paint),
      ...phase.entries.flatMap((entry) => entryLines(entry, layout)),
    ]),
  ];
}

function phaseLine(phase: PhaseView, width: number, paint: Paint): string {
  const hidden = hiddenSentence(phase);
  return `  ${phase.phase.padEnd(width)}  ${hidden === '' ? '' : paint('dim', hidden)}`.trimEnd();
}

function entryLines({ name, variants, foldedHosts }: EntryView, layout: RowLayout): readonly string[] {
  const [first, second] = variants;
  if (first === undefined) return [];
  if (second === undefined) return rowLines(name, first.row, layout);
  const { paint, width } = layout;
  return [
    ...rowLines(name, { ...first.row, facts: [], blocks: [], steps: [] }, layout),
    ...variants.flatMap(({ hosts, row }) => [
      ...indent(wrap(`on ${formatHosts(hosts)}:`, width - 8), 8),
      ...detailLines(row, 10, layout),
    ]),
    ...(foldedHosts > 0
      ? [paint('dim', `        ... on ${counted(foldedHosts, 'more host')} (-v shows all)`)]
      : []),
  ];
}
