import type { Plan } from '#core/plan.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { code, codeBlock, details, prose } from '#report/text/markdown.ts';
import { counted, indent, paragraphs, withHint } from '#report/text/text-layout.ts';
import {
  groupTitle,
  idleSentence,
  phasesSentence,
  REMARK_KINDS,
  summarySentence,
  TITLES,
} from './plan-sentences.ts';
import type { PlanRow, RowFact } from './plan-row.ts';
import { type Remark, remarkPlaces } from './plan-remarks.ts';
import { type EntryView, type GroupView, type PlanView, planView } from './plan-view.ts';
import type { TextPlanOptions } from './text-plan.ts';
import { SIGNS } from './text-row.ts';

/**
 * What a comment may hold, with room for what is put around it: GitHub refuses one of more than 65,536 characters.
 *
 * @see https://github.com/orgs/community/discussions/27190 (read in 2026)
 */
const MAX_LENGTH = 60_000;
/** Entries of a list that are shown before the rest is folded. */
const LIST_LENGTH = 20;

/**
 * A plan as a comment on a pull request, in the Markdown of GitHub and GitLab: what it comes to, what is in its way
 * and what it restarts come first, and the changes are folded below, by groups of hosts.
 *
 * @see https://github.github.com/gfm/ (0.29)
 */
export function renderMarkdownPlan(
  plan: Plan,
  { verbose, hasShell = false }: Pick<TextPlanOptions, 'verbose' | 'hasShell'>,
): string {
  const view = planView(plan, { verbose, hasShell });
  const head = headLines(view);
  const shown: string[] = [];
  const left: string[] = [];
  let length = paragraphs(head).length;
  for (const group of view.groups) {
    const text = details(groupTitle(group), groupBody(group));
    length += text.length + 2;
    if (length > MAX_LENGTH) left.push(...group.hosts);
    else shown.push(text);
  }
  const rest = `Not shown, as a comment can hold no more: ${prose(formatHosts(left))}. ${code('slipway plan')} shows all.`;
  return paragraphs([...head, ...shown.map((text) => [text]), left.length === 0 ? [] : [rest]]);
}

/** What a reviewer has to know before anything else. */
function headLines(view: PlanView): readonly (readonly string[])[] {
  const { cluster, kubernetes, turns, idle } = view;
  const remarks = { ...view, turns: turns.map((turn) => ({ ...turn, hosts: [turn.name] })) };
  return [
    [`### Plan of cluster ${code(cluster)}, Kubernetes ${prose(kubernetes)}`],
    [`**${summarySentence(view)}**`],
    [prose(phasesSentence(view))].filter((text) => text !== ''),
    ...REMARK_KINDS.map((kind) => list(TITLES[kind], remarks[kind])),
    idle.hosts.length === 0 ? [] : [prose(idleSentence(view))],
  ];
}

function list(title: string, remarks: readonly Remark[]): readonly string[] {
  if (remarks.length === 0) return [];
  const lines = remarks.slice(0, LIST_LENGTH).map((remark) => {
    const { name, text, hint, hosts, count } = remark;
    const places =
      count > hosts.length ? ` (${prose(remarkPlaces(remark))})` : ` on ${prose(formatHosts(hosts))}`;
    const where = hosts.join() === name ? '' : places;
    return `- ${code(name)}${where}${text === '' ? '' : `: ${prose(withHint(text, hint))}`}`;
  });
  const more = remarks.length - lines.length;
  return [`**${title}**`, '', ...lines, ...(more > 0 ? [`- and ${more} more`] : [])];
}

function groupBody({ phases }: GroupView): string {
  const hidden = phases.filter((phase) => phase.hidden > 0).map((phase) => `${phase.phase} ${phase.hidden}`);
  const later = phases.filter((phase) => phase.later > 0).map((phase) => `${phase.phase} ${phase.later}`);
  return paragraphs([
    ...phases.flatMap(({ phase, entries }) => [
      entries.length === 0 ? [] : [`**${prose(phase)}**`],
      entries.flatMap(entryLines),
    ]),
    hidden.length === 0 ? [] : [`Already right: ${prose(hidden.join(', '))}`],
    later.length === 0 ? [] : [`Looked at later: ${prose(later.join(', '))}`],
  ]);
}

function entryLines({ name, variants, foldedHosts }: EntryView): readonly string[] {
  const [first, second] = variants;
  if (first === undefined) return [];
  const head = code(`${SIGNS[first.row.kind][0]} ${name}`);
  if (second === undefined) return rowLines(head, first.row);
  const nested = variants.flatMap(({ hosts, row }) => rowLines(`on ${prose(formatHosts(hosts))}`, row));
  const more = foldedHosts > 0 ? [`- ... on ${counted(foldedHosts, 'more host')}`] : [];
  return [`- ${head}`, ...indent([...nested, ...more], 2)];
}

function rowLines(head: string, { facts, blocks, steps }: PlanRow): readonly string[] {
  const texts = facts.map(factText).join(', ');
  return [
    `- ${head}${texts === '' ? '' : `: ${texts}`}`,
    ...indent(
      [
        ...blocks.flatMap(({ what, lines, folded }) => [
          '',
          `${code(what)}${folded > 0 ? `, ${counted(folded, 'more line')} not shown` : ''}`,
          ...codeBlock(
            'diff',
            lines.map(({ text }) => text),
          ),
        ]),
        ...(steps.length > 0
          ? [
              '',
              'steps',
              ...codeBlock(
                'sh',
                steps.flatMap(({ summary, command }) => [`# ${summary}`, ...command]),
              ),
            ]
          : []),
      ],
      2,
    ),
  ];
}

function factText({ kind, text }: RowFact): string {
  if (kind === 'difference') return code(text);
  return kind === 'restarts' ? `**${prose(text)}**` : prose(text);
}
