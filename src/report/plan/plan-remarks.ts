import type { Plan, Rollout } from '#core/plan.ts';
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
  const restarts = nodes.flatMap(({ runsOn, outcome }) =>
    outcome.answer === 'change'
      ? (outcome.restarts ?? []).map((name) => ({ name, text: '', hosts: [runsOn] }))
      : [],
  );
  const notes = nodes.flatMap(({ host, address: name, outcome }) =>
    'notes' in outcome ? (outcome.notes ?? []).map((text) => ({ name, text, hosts: [host] })) : [],
  );
  const refusals = nodes.flatMap(({ host, outcome }) =>
    outcome.answer === 'refused'
      ? [{ name: outcome.check, text: outcome.why, hint: outcome.hint, hosts: [host] }]
      : [],
  );
  const order = new Map(hosts.map(({ name }, index) => [name, index]));
  return {
    restarts: together(restarts, order, ({ name }) => name),
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

/** `w01, then w02..w41 (4 at a time), then cp1, cp2 (one at a time)`. */
function turnsText({ batches }: Rollout): string {
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
