import type { Fact } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { PlanNode } from '#core/plan.ts';

import { factsByHost } from './observe.ts';
import type { Turn } from './rollouts.ts';
import { type Ahead, NOBODY } from './visits.ts';

/** What may take longer is not asked before it has to be: others would wait for it. */
const PATIENCE_MS = 10_000;

export interface LookAheadOptions {
  readonly nodes: readonly PlanNode[];
  /** The same in the graph, by id. */
  readonly inGraph: ReadonlyMap<string, GraphNode>;
  readonly turns: ReadonlyMap<string, Turn>;
  readonly companies: ReadonlyMap<string, readonly PlanNode[]>;
}

/**
 * What nodes will ask of their host next. A look that finds nothing left to do for one node is as good for those that
 * waited for it alone, so that they are spared a look of their own.
 */
export class LookAhead {
  readonly #options: LookAheadOptions;
  readonly #done = new Set<string>();
  #index: Index | undefined;

  constructor(options: LookAheadOptions) {
    this.#options = options;
  }

  /** A node has ended well. */
  ended(id: string): void {
    this.#done.add(id);
  }

  /** What is asked of the host by those that can begin when these nodes of it are done, by their ids. */
  behind(ids: readonly string[]): Ahead {
    // Made when something is to be done: a run in which all is right needs none.
    const { nodes, behind } = (this.#index ??= indexOf(this.#options.nodes));
    const host = nodes.get(ids[0] ?? '')?.runsOn;
    if (host === undefined) return NOBODY;
    const over = new Set(ids);
    const isOver = (id: string): boolean => over.has(id) || this.#done.has(id) || !nodes.has(id);
    const asked = new Map<string, readonly Fact[]>();
    const add = (node: PlanNode): void => {
      if (node.outcome.answer === 'none') over.add(node.id);
      const facts = node.runsOn === host ? this.#factsOf(node) : undefined;
      if (facts === undefined) return;
      asked.set(node.id, facts);
      if (isLikelyNone(node)) over.add(node.id);
    };
    // What is added on the way is gone through as well.
    for (const id of over) {
      for (const node of behind.get(id) ?? []) {
        const all = this.#options.companies.get(node.id) ?? [node];
        if (!over.has(node.id) && all.every((one) => this.#canBegin(one, isOver))) all.forEach(add);
      }
    }
    return asked;
  }

  /** What a node asks its own host; undefined where it is decided already, or asks what takes long. */
  #factsOf({ id, outcome }: PlanNode): readonly Fact[] | undefined {
    const node = this.#options.inGraph.get(id);
    if (outcome.answer !== 'deferred' || node === undefined) return undefined;
    const facts = factsByHost([node]).get(node.runsOn) ?? [];
    return facts.some(isSlow) ? undefined : facts;
  }

  #canBegin({ id, needs, needsOneOf }: PlanNode, isOver: (id: string) => boolean): boolean {
    return needsOneOf === undefined && isFree(this.#options.turns.get(id)) && needs.every(isOver);
  }
}

interface Index {
  readonly nodes: ReadonlyMap<string, PlanNode>;
  /** Nodes by the id of each that they need. */
  readonly behind: ReadonlyMap<string, readonly PlanNode[]>;
}

function indexOf(all: readonly PlanNode[]): Index {
  const behind = new Map<string, PlanNode[]>();
  for (const node of all) {
    for (const need of node.needs) {
      const others = behind.get(need);
      if (others === undefined) behind.set(need, [node]);
      else others.push(node);
    }
  }
  return { nodes: new Map(all.map((node) => [node.id, node])), behind };
}

const isSlow = ({ family: { patienceMs = 0 } }: Fact): boolean => patienceMs > PATIENCE_MS;

const isFree = (turn: Turn | undefined): boolean =>
  turn === undefined || ('length' in turn && turn.length === 0);

/** Whether nothing is expected to be done about a node whose decision is still to come. */
export const isLikelyNone = ({ outcome }: PlanNode): boolean =>
  outcome.answer === 'deferred' && outcome.forecast?.answer === 'none';
