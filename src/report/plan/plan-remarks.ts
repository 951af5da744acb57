import { type Effect, effectsOf, nodeOf } from '#core/effects.ts';
import type { NodePods, Plan, PlanNode, Rollout } from '#core/plan.ts';
import { changeIn, type Outcome } from '#core/resource.ts';
import { formatValue } from '#report/text/format-value.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { counted } from '#report/text/text-layout.ts';

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
  /** By who made pods with GPUs that run where anything is disrupted. */
  readonly gpuPods: readonly Remark[];
  /** By the daemon that is restarted on several hosts: in which order they take turns. */
  readonly turns: readonly Remark[];
  /** By the resource that has something to say. */
  readonly notes: readonly Remark[];
  /** By the host. */
  readonly unreachable: readonly Remark[];
  /** By the check that refuses. */
  readonly refusals: readonly Remark[];
}

export function planRemarks({ nodes, hosts, rollouts = [], pods = [] }: Plan): PlanRemarks {
  const order = new Map(hosts.map(({ name }, index) => [name, index]));
  const effects = nodes.flatMap((node) => effectsOf(node).map((planned) => ({ ...planned, node })));
  const having = (wanted: Effect): readonly Remark[] => {
    const found = effects.flatMap(({ node, ...planned }) =>
      planned.effect === wanted
        ? [
            {
              name: planned.what,
              text: textOf(wanted, planned.what, node),
              hosts: [nodeOf(planned, node)],
            },
          ]
        : [],
    );
    return together(found, order, ({ name }) => name);
  };
  const notes = nodes.flatMap(({ host, address: name, outcome }) =>
    notesOf(outcome).map((text) => ({ name, text, hosts: [host] })),
  );
  const refusals = nodes.flatMap(({ host, outcome }) =>
    outcome.answer === 'refused'
      ? [{ name: outcome.check, text: outcome.why, hint: outcome.hint, hosts: [host] }]
      : [],
  );
  const podsOn = podsText(pods);
  return {
    destroys: having('destroy').map(podsOn),
    drains: having('drain'),
    restarts: having('restart').map(podsOn),
    gpuPods: gpuPods(pods),
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
  etcd: 'the member of etcd there may be away for some seconds',
};

function textOf(effect: Effect, name: string, { outcome }: PlanNode): string {
  if (effect === 'restart') return MEANINGS[name] ?? '';
  const { differences = [] } = changeIn(outcome) ?? {};
  const wanted = effect === 'drain' ? 'pods' : 'node';
  return differences.flatMap(({ what, from }) => (what === wanted ? [formatValue(from)] : [])).join(', ');
}

/** Says of a remark how many pods run where it is about, as far as the cluster has said it. */
function podsText(pods: readonly NodePods[]): (remark: Remark) => Remark {
  const known = new Map(pods.map((one) => [one.node, one]));
  return (remark) => {
    const found = remark.hosts.flatMap((host) => known.get(host) ?? []);
    if (found.length === 0) return remark;
    const all = sum(found);
    const withGpus = sum(found.flatMap(({ gpus }) => gpus));
    const running = `${counted(all, 'pod')} ${all === 1 ? 'runs' : 'run'} there${withGpus === 0 ? '' : `, ${withGpus} with GPUs`}`;
    return { ...remark, text: [remark.text, running].filter((text) => text !== '').join('; ') };
  };
}

const sum = (counts: readonly { readonly pods: number }[]): number =>
  counts.reduce((total, { pods }) => total + pods, 0);

/** How many owners are named; the others are counted. */
const OWNERS = 15;

/** The most pods first. */
function gpuPods(pods: readonly NodePods[]): readonly Remark[] {
  const owned = pods.flatMap(({ node, gpus }) => gpus.map((one) => ({ ...one, node })));
  const owners = [...Map.groupBy(owned, ({ owner }) => owner)].toSorted(
    ([, left], [, right]) => sum(right) - sum(left),
  );
  const shown = owners.length > OWNERS + 1 ? owners.slice(0, OWNERS) : owners;
  const others = owners.slice(shown.length);
  const more = [[`and ${others.length} more`, others.flatMap(([, own]) => own)] as const];
  return [...shown, ...(others.length === 0 ? [] : more)].map(([name, own]) => {
    const hosts = [...new Set(own.map(({ node }) => node))];
    return { name, text: counted(sum(own), 'pod'), hosts, count: hosts.length };
  });
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
