import { isEmpty, type Plan, type PlanSummary, summarize } from '#core/plan.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { type GroupEntry, groupHosts, type HostGroup } from './plan-groups.ts';
import { planRemarks, type PlanRemarks } from './plan-remarks.ts';
import { planRow, type PlanRow, type RowOptions } from './plan-row.ts';

/**
 * All that a plan says to a person, in the order of reading, and folded where it is long. It knows nothing of
 * colours, columns or markup: those are the renderers'.
 */
export interface PlanView extends PlanRemarks {
  readonly cluster: string;
  readonly kubernetes: string;
  readonly summary: PlanSummary;
  /** Nothing is to be done, and nothing is in the way. */
  readonly isEmpty: boolean;
  readonly groups: readonly GroupView[];
  /** Hosts that are right already and in none of the groups, and how many resources they have together. */
  readonly idle: { readonly hosts: readonly string[]; readonly resources: number };
}

export interface GroupView {
  readonly hosts: readonly string[];
  /** Something is to be done, or is in the way. */
  readonly isOpen: boolean;
  /** Values of some resources differ from host to host. */
  readonly isVaried: boolean;
  readonly phases: readonly PhaseView[];
}

export interface PhaseView {
  readonly phase: string;
  /** How many resources are right already and not shown. */
  readonly hidden: number;
  readonly entries: readonly EntryView[];
}

/** A resource; with more than one variant where its values differ from host to host. */
export interface EntryView {
  readonly name: string;
  readonly variants: readonly { readonly hosts: readonly string[]; readonly row: PlanRow }[];
  /** How many hosts have variants that are not shown. */
  readonly foldedHosts: number;
}

/** Variants of one resource that are shown before the rest is folded. */
const VARIANTS = 3;

/** Folded, unless all is wanted: what is right already and why, whole files, and every step. */
export function planView(plan: Plan, verbose: boolean): PlanView {
  const isDone = isEmpty(plan);
  const groups = isDone && !verbose ? [] : groupHosts(plan);
  const byWork = Map.groupBy(groups, ({ entries }) => verbose || entries.some(isOpen));
  const idle = byWork.get(false) ?? [];
  const seen = new Map<string, string>();
  return {
    cluster: plan.cluster,
    kubernetes: plan.kubernetes,
    summary: summarize(plan),
    isEmpty: isDone,
    groups: (byWork.get(true) ?? []).map((group) => groupView(group, plan.phases, verbose, seen)),
    idle: {
      hosts: idle.flatMap(({ hosts }) => hosts),
      resources: idle.reduce((sum, { hosts, entries }) => sum + hosts.length * entries.length, 0),
    },
    ...planRemarks(plan),
  };
}

const isOpen = ({ variants }: GroupEntry): boolean => variants.some(({ value }) => value.answer !== 'none');

/** A block of text is shown once; `seen` has the hosts for which it was, by the block. */
function groupView(
  { hosts, entries }: HostGroup,
  phases: readonly string[],
  verbose: boolean,
  seen: Map<string, string>,
): GroupView {
  const names = formatHosts(hosts);
  const shownFor: RowOptions['shownFor'] = (name, { what, lines }) => {
    const key = JSON.stringify([name, what, lines]);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, names);
    return earlier === names ? undefined : earlier;
  };
  const byPhase = Map.groupBy(entries, ({ phase }) => phase);
  return {
    hosts,
    isOpen: entries.some(isOpen),
    isVaried: entries.some((entry) => entry.variants.length > 1 && (verbose || isOpen(entry))),
    phases: phases.flatMap((phase) => {
      const all = byPhase.get(phase) ?? [];
      const shown = verbose ? all : all.filter(isOpen);
      const views = shown.map((entry) => entryView(entry, { verbose, shownFor }));
      return all.length === 0 ? [] : [{ phase, hidden: all.length - shown.length, entries: views }];
    }),
  };
}

function entryView({ name, variants }: GroupEntry, options: RowOptions): EntryView {
  const shown = options.verbose || variants.length <= VARIANTS + 1 ? variants : variants.slice(0, VARIANTS);
  return {
    name,
    variants: shown.map(({ hosts, value }) => ({ hosts, row: planRow(name, value, options) })),
    foldedHosts: variants.slice(shown.length).flatMap(({ hosts }) => hosts).length,
  };
}
