import type { NodeRef, NodeResult, Skipped } from '#core/event.ts';
import { type PlanNode, refOf } from '#core/plan.ts';

import type { Turn } from './rollouts.ts';

export interface Schedule {
  readonly nodes: readonly PlanNode[];
  /** Nodes that are missing because a host could not be asked: the reason, by id. */
  readonly absent: ReadonlyMap<string, string>;
  /** What a node waits for beside its needs, by id; the nodes named there may stand after it. */
  readonly turns?: ReadonlyMap<string, Turn>;
  /** Nodes that are done together, by the id of each: none begins before all can, or some never will. */
  readonly companies?: ReadonlyMap<string, readonly PlanNode[]>;
  readonly signal: AbortSignal;
  /** Does one node, together with those of its company that came; it never throws. */
  readonly run: (node: PlanNode, company: readonly PlanNode[]) => Promise<NodeResult>;
  /** Told of each node that is not begun. */
  readonly onSkipped: (node: NodeRef, result: Skipped) => void;
}

export const INTERRUPTED: Skipped = { result: 'skipped', because: 'the run was interrupted' };

/**
 * Walks the graph: every node starts as soon as all it needs are done. What needs a failed node is skipped,
 * with the failure it comes from; everything else goes on.
 */
export async function runSchedule(schedule: Schedule): Promise<ReadonlyMap<string, NodeResult>> {
  const started = new Map<string, Started>();
  const results = new Map<string, NodeResult>();
  const all = Promise.withResolvers<void>();
  const turnOf = turnTaker(started, all.promise, schedule);
  const gatherings = new Map<readonly PlanNode[], Gathering>();
  for (const node of schedule.nodes) {
    const company = schedule.companies?.get(node.id) ?? [node];
    const gathering = gatherings.get(company) ?? new Gathering(company);
    gatherings.set(company, gathering);
    const needs = [...needsOf(node, started, schedule), ...turnOf(node)];
    const task = runAfterNeeds(node, needs, gathering, schedule).then((result) => {
      results.set(node.id, result);
      return result;
    });
    started.set(node.id, { node, task });
  }
  all.resolve();
  await Promise.all([...started.values()].map(({ task }) => task));
  return results;
}

/** Waits until it is known of all nodes of a company whether they can begin. */
class Gathering {
  readonly #company: readonly PlanNode[];
  readonly #came = new Set<PlanNode>();
  readonly #all = Promise.withResolvers<readonly PlanNode[]>();
  #missing: number;

  constructor(company: readonly PlanNode[]) {
    this.#company = company;
    this.#missing = company.length;
  }

  /** Those that can begin, in their order, when that is known of all. */
  async come(node: PlanNode): Promise<readonly PlanNode[]> {
    this.#came.add(node);
    this.stayAway();
    return this.#all.promise;
  }

  stayAway(): void {
    this.#missing -= 1;
    if (this.#missing === 0) this.#all.resolve(this.#company.filter((node) => this.#came.has(node)));
  }
}

interface Started {
  readonly node: PlanNode;
  readonly task: Promise<NodeResult>;
}

type Obstacle = Promise<Skipped | undefined>;

function needsOf(
  { needs, needsOneOf }: PlanNode,
  started: ReadonlyMap<string, Started>,
  { absent }: Schedule,
): readonly Obstacle[] {
  const done = async (need: string): Obstacle => {
    const found = started.get(need);
    return found === undefined ? absence(absent.get(need)) : obstacleOf(found.node, await found.task);
  };
  const all = needs.map(done);
  return needsOneOf === undefined
    ? all
    : [...all, lastObstacle(needsOneOf.map((list) => firstObstacle(list.map(done))))];
}

/** Settles as soon as one way is free; with an obstacle when there is one in each. */
function lastObstacle(ways: readonly Obstacle[]): Obstacle {
  const { promise, resolve } = Promise.withResolvers<Skipped | undefined>();
  const all = ways.map(async (way) => {
    const obstacle = await way;
    if (obstacle === undefined) resolve(undefined);
    return obstacle;
  });
  void Promise.all(all).then(([first]) => resolve(first));
  return promise;
}

/** Hosts of one batch wait for the batch before it with one promise. */
function turnTaker(
  started: ReadonlyMap<string, Started>,
  all: Promise<void>,
  { turns }: Schedule,
): (node: PlanNode) => readonly Obstacle[] {
  const gates = new Map<Turn, Obstacle>();
  const open = async (turn: Turn): Obstacle => {
    if ('result' in turn) return turn;
    await all;
    const before = turn.flatMap((id) => started.get(id) ?? []);
    return firstObstacle(before.map(async ({ node, task }) => obstacleOf(node, await task)));
  };
  return ({ id }) => {
    const turn = turns?.get(id);
    if (turn === undefined || ('length' in turn && turn.length === 0)) return [];
    const gate = gates.get(turn) ?? open(turn);
    gates.set(turn, gate);
    return [gate];
  };
}

async function runAfterNeeds(
  node: PlanNode,
  needs: readonly Obstacle[],
  gathering: Gathering,
  { signal, run, onSkipped }: Schedule,
): Promise<NodeResult> {
  const obstacle = await firstObstacle(needs);
  if (obstacle !== undefined) gathering.stayAway();
  const company = obstacle === undefined ? await gathering.come(node) : [];
  const skipped = obstacle ?? (signal.aborted ? INTERRUPTED : undefined);
  if (skipped === undefined) return run(node, company);
  onSkipped(refOf(node), skipped);
  return skipped;
}

/** Settles with the first obstacle there is, without waiting for the other needs; undefined when all are done. */
function firstObstacle(needs: readonly Obstacle[]): Obstacle {
  const { promise, resolve } = Promise.withResolvers<Skipped | undefined>();
  const all = needs.map(async (need) => {
    const obstacle = await need;
    if (obstacle !== undefined) resolve(obstacle);
  });
  void Promise.all(all).then(() => resolve(undefined));
  return promise;
}

/** A need that is not in the plan is an obstacle where its host could not be asked, and none where it was not selected. */
const absence = (why: string | undefined): Skipped | undefined =>
  why === undefined ? undefined : { result: 'skipped', because: why };

function obstacleOf(need: PlanNode, result: NodeResult): Skipped | undefined {
  if (result.result === 'failed') {
    return { result: 'skipped', because: `${need.id} failed`, waitedFor: refOf(need) };
  }
  return result.result === 'skipped' ? result : undefined;
}
