import { isEmpty, type Plan, summarize } from '#core/plan.ts';
import type { Refused } from '#core/resource.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { painter } from '#report/text/paint.ts';
import { type Entry, groupHosts, type HostGroup, type PhaseGroup } from './plan-groups.ts';
import { planRow, renderDetails, renderRow, rowName, type RowOptions } from './plan-row.ts';
import { columnWidth, counted, indent, wrap } from '#report/text/text-layout.ts';

export interface TextPlanOptions {
  readonly color: boolean;
  /** Shows what is right already and why, whole files, and every step. */
  readonly verbose: boolean;
  /** Columns; only the lines of a difference may be longer. */
  readonly width: number;
}

/** Values of one resource that are shown before the rest is folded. */
const VARIANTS = 3;
const NAME_COLUMN = 44;

/** A plan for a person to review: by host, then phase, with all that follows from it at the end. */
export function renderTextPlan(plan: Plan, { color, verbose, width }: TextPlanOptions): string {
  const paint = painter(color);
  const options = { paint, verbose, width, shownOn: () => undefined };
  const closing = isEmpty(plan) ? [noChanges(plan)] : [paint('bold', summaryLine(plan))];
  const notes = renderTable('Notes', notesOf(plan), options);
  if (isEmpty(plan) && !verbose) {
    const said = notes.length > 0 ? `${notes.join('\n')}\n\n` : '';
    return `${said}${closing.join('\n')}\n`;
  }
  const title = `Cluster ${plan.cluster}, Kubernetes ${plan.kubernetes}`;
  const seen = new Map<string, string>();
  const groups = groupHosts(plan);
  const shown = verbose ? groups : groups.filter(hasWork);
  const idle = groups.filter((group) => !shown.includes(group));
  const sections = [
    [paint('bold', title)],
    ...shown.map((group) => renderGroup(group, { ...options, shownOn: remember(seen, group) })),
    renderIdle(idle, options),
    renderTable('Restarts', restarts(plan), options),
    notes,
    renderTable('Unreachable', unreachable(plan), options),
    renderTable('In the way: nothing is applied while one of these stands', refusals(plan), options),
    closing,
  ];
  const filled = sections.filter((section) => section.length > 0);
  return `${filled.map((section) => section.join('\n')).join('\n\n')}\n`;
}

const hasWork = ({ phases }: HostGroup): boolean => phases.some(({ entries }) => entries.some(isOpen));

/** The hosts that are as they should be, in one breath. */
function renderIdle(groups: readonly HostGroup[], { paint, width }: RowOptions): readonly string[] {
  const hosts = groups.flatMap((group) => group.hosts);
  if (hosts.length === 0) return [];
  const resources = groups.flatMap((group) =>
    group.hosts.flatMap(() => group.phases.flatMap(({ entries }) => entries)),
  );
  const number = hosts.length === 1 ? '' : `${hosts.length} hosts, `;
  const text = `Nothing to do on ${formatHosts(hosts)} (${number}${resources.length} already right)`;
  return wrap(text, width).map((line) => paint('dim', line));
}

/** Tells the group that a block of text was shown for already, so that it stands in the plan once. */
function remember(seen: Map<string, string>, { hosts }: HostGroup): RowOptions['shownOn'] {
  const names = formatHosts(hosts);
  return (name, { what, lines }) => {
    const key = [name, what, ...lines].join('\n');
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, names);
    return earlier === names ? undefined : earlier;
  };
}

/** `Plan: 41 to change, 3 deferred, 12 already right on 3 hosts`. */
export function summaryLine(plan: Plan): string {
  const { change, deferred, none, refused, hosts, unreachable: away } = summarize(plan);
  const troubles = [
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(away > 0 ? [`${away} unreachable`] : []),
  ];
  const line = `Plan: ${change} to change, ${deferred} deferred, ${none} already right on ${counted(hosts, 'host')}`;
  return [line, ...troubles].join(', ');
}

const noChanges = (plan: Plan): string =>
  `No changes. ${counted(plan.nodes.length, 'resource')} on ${counted(plan.hosts.length, 'host')} are as the inventory says.`;

function renderGroup({ hosts, phases }: HostGroup, options: RowOptions): readonly string[] {
  const { paint, verbose, width } = options;
  const visible = phases.flatMap(({ entries }) => entries.filter((entry) => verbose || isOpen(entry)));
  const names = visible.flatMap(({ variants }) => variants.map(({ node }) => rowName(node)));
  const nameWidth = columnWidth(names, NAME_COLUMN);
  const phaseWidth = columnWidth(phases.map(({ phase }) => phase));
  const isVaried = visible.some(({ variants }) => variants.length > 1);
  const title = wrap(groupTitle(hosts, visible.some(isOpen), isVaried), width);
  return [
    ...title.map((line) => paint('bold', line)),
    ...phases.flatMap((phase) => renderPhase(phase, { nameWidth, phaseWidth }, options)),
  ];
}

function groupTitle(hosts: readonly string[], isChanging: boolean, isVaried: boolean): string {
  if (hosts.length === 1) return hosts.join('');
  const names = formatHosts(hosts);
  if (!isChanging) return `${names} (${hosts.length} hosts)`;
  return `${names} (${hosts.length} hosts, the same changes${isVaried ? ', with other values where marked' : ''})`;
}

interface Widths {
  readonly nameWidth: number;
  readonly phaseWidth: number;
}

function renderPhase({ phase, entries }: PhaseGroup, widths: Widths, options: RowOptions): readonly string[] {
  const { paint, verbose } = options;
  const open = entries.filter(isOpen);
  const right = entries.length - open.length;
  const count = right > 0 && !verbose ? paint('dim', `${right} already right`) : '';
  const head = `  ${phase.padEnd(widths.phaseWidth)}  ${count}`.trimEnd();
  const shown = verbose ? entries : open;
  return [head, ...shown.flatMap((entry) => renderEntry(entry, widths.nameWidth, options))];
}

const isOpen = ({ variants }: Entry): boolean => variants.some(({ node }) => node.outcome.answer !== 'none');

function renderEntry({ variants }: Entry, nameWidth: number, options: RowOptions): readonly string[] {
  const [first] = variants;
  if (first === undefined) return [];
  const row = planRow(first.node, options);
  if (variants.length === 1) return renderRow(row, nameWidth, options);
  const shown = options.verbose || variants.length <= VARIANTS + 1 ? variants : variants.slice(0, VARIANTS);
  const folded = variants.slice(shown.length).flatMap(({ hosts }) => hosts).length;
  return [
    ...renderRow({ ...row, facts: [], blocks: [] }, nameWidth, options),
    ...shown.flatMap(({ hosts, node }, nth) => {
      const label = wrap(`on ${formatHosts(hosts)}:`, options.width - 8);
      const { facts, blocks } = nth === 0 ? row : planRow(node, options);
      return [...indent(label, 8), ...renderDetails({ facts, blocks }, 10, options)];
    }),
    ...(folded > 0
      ? [options.paint('dim', `        ... on ${counted(folded, 'more host')} (-v shows all)`)]
      : []),
  ];
}

/** Two columns under a title: what, and where. */
type Table = readonly (readonly [string, string])[];

function renderTable(title: string, rows: Table, { paint, width }: RowOptions): readonly string[] {
  if (rows.length === 0) return [];
  const first = columnWidth(
    rows.map(([name]) => name),
    40,
  );
  const lines = rows.flatMap(([name, text]) =>
    wrap(text, width - first - 4).map((line, nth) => `  ${(nth === 0 ? name : '').padEnd(first)}  ${line}`),
  );
  return [...wrap(title, width).map((line) => paint('bold', line)), ...lines];
}

/** Units by the hosts that restart them: the blast radius of the plan. */
function restarts({ nodes, hosts }: Plan): Table {
  const order = new Map(hosts.map(({ name }, index) => [name, index]));
  const units = new Map<string, Set<string>>();
  for (const { runsOn, outcome } of nodes) {
    if (outcome.answer !== 'change') continue;
    for (const unit of outcome.restarts ?? []) units.set(unit, (units.get(unit) ?? new Set()).add(runsOn));
  }
  return [...units].map(([unit, names]) => [
    unit,
    formatHosts([...names].toSorted((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0))),
  ]);
}

/** What resources have to say beside their changes, once each, by the hosts they concern. */
function notesOf({ nodes }: Plan): Table {
  const notes = nodes.flatMap(({ host, address, outcome }) =>
    'notes' in outcome ? (outcome.notes ?? []).map((note) => ({ host, address, note })) : [],
  );
  return [...Map.groupBy(notes, ({ note }) => note)].map(([note, same]) => {
    const hosts = formatHosts([...new Set(same.map(({ host }) => host))]);
    return [same[0]?.address ?? '', `${note} (${hosts})`] as const;
  });
}

const unreachable = ({ hosts }: Plan): Table =>
  hosts.flatMap(({ name, unreachable: why }) => (why === undefined ? [] : [[name, why] as const]));

function refusals({ nodes }: Plan): Table {
  const refused = nodes.flatMap(({ host, outcome }) =>
    outcome.answer === 'refused' ? [{ host, outcome }] : [],
  );
  return [...Map.groupBy(refused, refusalKey).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const hosts = formatHosts([...new Set(same.map(({ host }) => host))]);
    return [[first.outcome.check, `${first.outcome.why} (${hosts})`] as const];
  });
}

const refusalKey = ({ outcome }: { readonly outcome: Refused }): string => `${outcome.check}\n${outcome.why}`;
