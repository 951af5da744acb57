import { isEmpty, type Plan, type PlanSummary, summarize } from '#core/plan.ts';
import { changeIn } from '#core/resource.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { type GroupEntry, groupHosts, type HostGroup, type OwnOutcome } from './plan-groups.ts';
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
  /** How many resources are to change in each phase that has any. */
  readonly changes: readonly { readonly phase: string; readonly count: number }[];
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
  /** How many are looked at later, nothing being to be done to them as it is forecast, and not shown. */
  readonly later: number;
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

export interface PlanViewOptions {
  /** Whether all is wanted: what is right already and why, whole files, and what each step does. Else it is folded. */
  readonly verbose: boolean;
  /** With the shell of each step. */
  readonly hasShell?: boolean;
  /** Whether a text is shown for each resource that has it, where the reader can fold it. */
  readonly repeats?: boolean;
}

export function planView(plan: Plan, options: PlanViewOptions): PlanView {
  const { verbose, hasShell = false, repeats = false } = options;
  const isDone = isEmpty(plan);
  const groups = isDone && !verbose ? [] : groupHosts(plan);
  const byWork = Map.groupBy(groups, ({ entries }) => verbose || entries.some(isOpen));
  const idle = byWork.get(false) ?? [];
  const seen = repeats ? undefined : new Map<string, string>();
  return {
    cluster: plan.cluster,
    kubernetes: plan.kubernetes,
    summary: summarize(plan),
    isEmpty: isDone,
    changes: changesOf(plan),
    groups: (byWork.get(true) ?? []).map((group) =>
      groupView(group, plan.phases, { verbose, hasShell }, seen),
    ),
    idle: {
      hosts: idle.flatMap(({ hosts }) => hosts),
      resources: idle.reduce((sum, { hosts, entries }) => sum + hosts.length * entries.length, 0),
    },
    ...planRemarks(plan),
  };
}

function changesOf({ phases, nodes }: Plan): PlanView['changes'] {
  const changing = nodes.filter(({ outcome }) => changeIn(outcome) !== undefined);
  const byPhase = Map.groupBy(changing, ({ phase }) => phase);
  return phases.flatMap((phase) => {
    const count = byPhase.get(phase)?.length ?? 0;
    return count === 0 ? [] : [{ phase, count }];
  });
}

const isOpen = ({ variants }: GroupEntry): boolean =>
  variants.some(({ value }) => value.answer !== 'none' && !isForLater(value));

const isForLater = (outcome: OwnOutcome): boolean =>
  outcome.answer === 'deferred' && outcome.forecast?.answer === 'none';

/** A block of text is shown once, where `seen` is given: it has the hosts for which it was, by the block. */
function groupView(
  { hosts, entries }: HostGroup,
  phases: readonly string[],
  { verbose, hasShell }: Pick<RowOptions, 'verbose' | 'hasShell'>,
  seen: Map<string, string> | undefined,
): GroupView {
  const names = formatHosts(hosts);
  const shownFor: RowOptions['shownFor'] = (name, { what, lines }) => {
    if (seen === undefined) return undefined;
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
      const views = shown.map((entry) => entryView(entry, { verbose, hasShell, shownFor }));
      const hidden = all.filter((entry) => !shown.includes(entry));
      const { length: later } = hidden.filter(({ variants }) =>
        variants.some(({ value }) => isForLater(value)),
      );
      return all.length === 0 ? [] : [{ phase, hidden: hidden.length - later, later, entries: views }];
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
