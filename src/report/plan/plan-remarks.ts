import { type Effect, effectsOf } from '#core/effects.ts';
import type { Plan, PlanNode, Rollout } from '#core/plan.ts';
import { changeIn, type Outcome } from '#core/resource.ts';
import { formatValue } from '#report/text/format-value.ts';
import { formatHosts } from '#report/text/host-names.ts';

/** Something to be known of a plan beside its changes, and the hosts that it concerns. */
export interface Remark {
  readonly name: string;
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly hosts: readonly string[];
  /** How many resources say so. */
  readonly count: number;
}

/** `w1, w2`, or `26 resources on w1, w2`. */
export const remarkPlaces = ({ hosts, count }: Remark): string =>
  count > hosts.length ? `${count} resources on ${formatHosts(hosts)}` : formatHosts(hosts);

export interface PlanRemarks {
  /** By the name of what is lost for good. */
  readonly destroys: readonly Remark[];
  /** By the node that is emptied of its pods. */
  readonly drains: readonly Remark[];
  /** By the unit that is restarted: the blast radius. */
  readonly restarts: readonly Remark[];
  /** By the daemon that is restarted on several hosts: in which order they take turns. */
  readonly turns: readonly Remark[];
  /** By the resource that has something to say. */
  readonly notes: readonly Remark[];
  /** By the host. */
  readonly unreachable: readonly Remark[];
  /** By the check that refuses. */
  readonly refusals: readonly Remark[];
}

export function planRemarks({ nodes, hosts, rollouts = [] }: Plan): PlanRemarks {
  const effects = nodes.flatMap((node) => effectsOf(node).map((effect) => ({ ...effect, node })));
  const having = (wanted: Effect): readonly SingleRemark[] =>
    effects.flatMap(({ effect, what: name, host, node }) =>
      effect === wanted ? [{ name, text: textOf(effect, name, node), hosts: [host] }] : [],
    );
  const notes = nodes.flatMap(({ host, address: name, outcome }) =>
    notesOf(outcome).map((text) => ({ name, text, hosts: [host] })),
  );
  const refusals = nodes.flatMap(({ host, outcome }) =>
    outcome.answer === 'refused'
      ? [{ name: outcome.check, text: outcome.why, hint: outcome.hint, hosts: [host] }]
      : [],
  );
  const order = new Map(hosts.map(({ name }, index) => [name, index]));
  return {
    destroys: together(having('destroy'), order, ({ name }) => name),
    drains: together(having('drain'), order, ({ name }) => name),
    restarts: together(having('restart'), order, ({ name }) => name),
    turns: rollouts.map((rollout) => ({
      name: rollout.daemon,
      text: turnsText(rollout),
      hosts: rollout.batches.flat(),
      count: 1,
    })),
    notes: together(notes, order, ({ text }) => text),
    unreachable: hosts.flatMap(({ name, unreachable: text, hint }) =>
      text === undefined
        ? []
        : [{ name, text, hosts: [name], count: 1, ...(hint !== undefined && { hint }) }],
    ),
    refusals: together(refusals, order, ({ name, text }) => `${name}\n${text}`),
  };
}

/** What a restart means to what runs on the host. */
const MEANINGS: Readonly<Record<string, string>> = {
  'containerd.service': 'containers go on running',
  'crio.service': 'containers go on running',
  'kubelet.service': 'pods go on running',
  'kube-apiserver': 'the API server there is away for some seconds',
};

function textOf(effect: Effect, name: string, { outcome }: PlanNode): string {
  if (effect === 'restart') return MEANINGS[name] ?? '';
  const { differences = [] } = changeIn(outcome) ?? {};
  const wanted = effect === 'drain' ? 'pods' : 'node';
  return differences.flatMap(({ what, from }) => (what === wanted ? [formatValue(from)] : [])).join(', ');
}

const notesOf = (outcome: Outcome): readonly string[] => [
  ...('notes' in outcome ? (outcome.notes ?? []) : []),
  ...('forecast' in outcome ? (outcome.forecast?.notes ?? []) : []),
];

/** `w01, then w02..w41 (4 at a time), then cp1, cp2 (one at a time)`. */
function turnsText({ batches, pause }: Rollout): string {
  if (pause !== undefined) {
    const now = turnsText({ daemon: '', batches: batches.slice(0, pause.batches) });
    const later = turnsText({ daemon: '', batches: batches.slice(pause.batches) });
    return `${now}, then a pause (upgrade.pauseAfter: ${pause.after}); in the next run ${later}`;
  }
  const alike: (readonly string[])[][] = [];
  for (const batch of batches) {
    const last = alike.at(-1);
    if (last?.[0]?.length === batch.length) last.push(batch);
    else alike.push([batch]);
  }
  return alike
    .map((same) => {
      const size = same[0]?.length ?? 0;
      const pace = same.length === 1 ? '' : ` (${size === 1 ? 'one' : size} at a time)`;
      return `${formatHosts(same.flat())}${pace}`;
    })
    .join(', then ');
}

type SingleRemark = Omit<Remark, 'count'>;

/** The same remark on several hosts, once. */
function together(
  all: readonly SingleRemark[],
  order: ReadonlyMap<string, number>,
  keyOf: (remark: SingleRemark) => string,
): readonly Remark[] {
  const place = (host: string): number => order.get(host) ?? 0;
  return [...Map.groupBy(all, keyOf).values()].flatMap((same) => {
    const hosts = [...new Set(same.flatMap((remark) => remark.hosts))];
    const sorted = hosts.toSorted((left, right) => place(left) - place(right));
    return same.slice(0, 1).map((first) => ({ ...first, hosts: sorted, count: same.length }));
  });
}
