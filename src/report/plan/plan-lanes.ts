import type { NodeRef } from '#core/event.ts';
import type { GraphNode } from '#core/graph.ts';
import { changeIn, type Outcome } from '#core/resource.ts';
import { criticalPath } from '#engine/critical-path.ts';
import { formatHosts } from '#report/text/host-names.ts';
import { counted } from '#report/text/text-layout.ts';

/** A node of a plan, or of a graph, where nothing is decided yet. */
export type DrawnNode = NodeRef & Pick<GraphNode, 'needs' | 'needsOneOf'> & { readonly outcome?: Outcome };

export interface Drawn {
  /** Of a plan; a graph has none. */
  readonly cluster?: string;
  /** Names, in the order of the workflow. */
  readonly phases: readonly string[];
  readonly nodes: readonly DrawnNode[];
}

/** What waits for what, at a glance: a lane for hosts with the same amount of work, in it a box for each phase. */
export interface PlanLanes {
  readonly title: string;
  readonly lanes: readonly Lane[];
  /** Phases that have a box: the columns. */
  readonly columns: readonly string[];
  readonly boxes: readonly LaneBox[];
  /** By the places of boxes; what follows from two others is left out. */
  readonly edges: readonly LaneEdge[];
  /** Hosts that have no lane, because there are too many that differ. */
  readonly hidden: readonly string[];
  /** How many resources the longest chain of work has, each of which waits for the one before. */
  readonly chain: number;
}

interface Lane {
  readonly label: string;
  readonly hosts: readonly string[];
}

export interface LaneBox {
  readonly lane: number;
  readonly column: number;
  /** `12 change, 3 deferred`: of each host. */
  readonly text: string;
  readonly kind: 'change' | 'deferred' | 'refused' | 'none';
  /** Whether the longest chain of work goes through it. */
  readonly isCritical: boolean;
}

export interface LaneEdge {
  readonly from: number;
  readonly to: number;
  readonly isCritical: boolean;
}

/** Lanes that are drawn; a picture of more is not read by anybody. */
const LANES = 40;

export function planLanes({ cluster, phases, nodes }: Drawn): PlanLanes {
  const all = lanesOf(nodes);
  const lanes = all.slice(0, LANES);
  const laneOf = new Map(lanes.flatMap(({ hosts }, index) => hosts.map((host) => [host, index])));
  const used = new Set(nodes.map(({ phase }) => phase));
  const columns = phases.filter((phase) => used.has(phase));
  const columnOf = new Map(columns.map((phase, index) => [phase, index]));
  const keyOf = ({ host, phase }: NodeRef): string | undefined =>
    laneOf.has(host) ? `${laneOf.get(host)}/${columnOf.get(phase)}` : undefined;
  const content = Map.groupBy(nodes, keyOf);
  content.delete(undefined);
  const places = new Map([...content.keys()].map((key, index) => [key, index]));
  const boxAt = (node: NodeRef | undefined): number | undefined =>
    node === undefined ? undefined : places.get(keyOf(node));
  const path = criticalPath(nodes, weights(nodes)).map(({ node }) => node);
  const onPath = new Set(path.map(boxAt));
  return {
    title: cluster === undefined ? 'What waits for what' : `Plan of cluster ${cluster}`,
    lanes,
    columns,
    boxes: [...content.values()].map((inside, index) => ({
      lane: laneOf.get(inside[0]?.host ?? '') ?? 0,
      column: columnOf.get(inside[0]?.phase ?? '') ?? 0,
      ...boxText(inside),
      isCritical: onPath.has(index),
    })),
    edges: edgesOf(nodes, path, boxAt),
    hidden: all.slice(LANES).flatMap(({ hosts }) => hosts),
    chain: path.length,
  };
}

/** Hosts with the same number of outcomes of each kind in each phase. */
function lanesOf(nodes: readonly DrawnNode[]): readonly Lane[] {
  const byHost = Map.groupBy(nodes, ({ host }) => host);
  const alike = Map.groupBy([...byHost], ([, own]) => {
    const counts = Map.groupBy(own, ({ phase, outcome }) => `${phase} ${kindOf(outcome)}`);
    return JSON.stringify([...counts].map(([what, same]) => [what, same.length]));
  });
  return [...alike.values()].map((same) => {
    const hosts = same.map(([host]) => host);
    return { hosts, label: formatHosts(hosts, 24) };
  });
}

/** What is forecast is to change. */
const kindOf = (outcome: Outcome | undefined): string =>
  outcome === undefined ? '' : changeIn(outcome) === undefined ? outcome.answer : 'change';

const isWork = ({ outcome }: DrawnNode): boolean =>
  outcome === undefined || outcome.answer === 'change' || outcome.answer === 'deferred';

/** Nobody knows how long something takes before it is done, so all that is to be done counts the same. */
const weights = (nodes: readonly DrawnNode[]): ReadonlyMap<string, { readonly elapsedMs: number }> =>
  new Map(nodes.filter(isWork).map(({ id }) => [id, { elapsedMs: 1 }]));

/** How many of its nodes, on each host, are of the kind that matters most. */
function boxText(inside: readonly DrawnNode[]): Pick<LaneBox, 'text' | 'kind'> {
  const hosts = new Set(inside.map(({ host }) => host)).size;
  const count = (kind: string): number =>
    inside.filter(({ outcome }) => kindOf(outcome) === kind).length / hosts;
  if (inside[0]?.outcome === undefined)
    return { kind: 'none', text: counted(inside.length / hosts, 'resource') };
  const [refused, change, deferred] = [count('refused'), count('change'), count('deferred')];
  const texts = [
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(change > 0 ? [`${change} change`] : []),
    ...(deferred > 0 ? [`${deferred} deferred`] : []),
  ];
  if (texts.length === 0) return { kind: 'none', text: `${count('none')} right` };
  const kind = refused > 0 ? 'refused' : change > 0 ? 'change' : 'deferred';
  return { kind, text: texts.join(', ') };
}

function edgesOf(
  nodes: readonly DrawnNode[],
  path: readonly NodeRef[],
  boxAt: (node: NodeRef | undefined) => number | undefined,
): readonly LaneEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const next = new Map<number, Set<number>>();
  const add = (from: number | undefined, to: number | undefined): void => {
    if (from === undefined || to === undefined || from === to) return;
    const known = next.get(from) ?? new Set();
    next.set(from, known.add(to));
  };
  for (const node of nodes) {
    for (const need of [...node.needs, ...(node.needsOneOf ?? []).flat()])
      add(boxAt(byId.get(need)), boxAt(node));
  }
  const critical = new Set<string>();
  // Between two of the path may lie others that are right already.
  for (const [index, node] of path.entries()) {
    const [from, to] = [boxAt(path[index - 1]), boxAt(node)];
    add(from, to);
    critical.add(`${from} ${to}`);
  }
  return [...next].flatMap(([from, targets]) =>
    [...targets].flatMap((to) => {
      const isCritical = critical.has(`${from} ${to}`);
      const isImplied = [...targets].some((between) => between !== to && next.get(between)?.has(to));
      return isImplied && !isCritical ? [] : [{ from, to, isCritical }];
    }),
  );
}
