import type { Answers } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { type PlanNode, refOf } from '#core/plan.ts';
import type { RunStep, Step } from '#core/step.ts';

import { StepFailed } from './failure.ts';
import { isPassing, type StepContext, takeSteps } from './take-steps.ts';
import type { Turn } from './rollouts.ts';
import type { SharedLooks } from './shared-looks.ts';

/**
 * Nodes of one host that are done together, by the id of each: resources of one company that wait neither for one another
 * nor for their turn. Nothing that any of them needs waits for another company, so that none waits for itself.
 */
export function companiesOf(
  nodes: readonly PlanNode[],
  graph: Graph,
  turns: ReadonlyMap<string, Turn>,
): ReadonlyMap<string, readonly PlanNode[]> {
  const named = new Map(
    graph.nodes.flatMap(({ id, resource: { company } }) => (company ? [[id, company]] : [])),
  );
  const behind = new Set<string>();
  const found = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    const { id, runsOn, outcome } = node;
    const needs = [...node.needs, ...(node.needsOneOf ?? []).flat()];
    const company = outcome.answer === 'none' ? undefined : named.get(id);
    const isBehind = needs.some((need) => behind.has(need));
    if (isBehind || company !== undefined) behind.add(id);
    if (isBehind || company === undefined || turns.has(id)) continue;
    const key = `${runsOn} ${company}`;
    found.set(key, [...(found.get(key) ?? []), node]);
  }
  return new Map(
    [...found.values()]
      .filter(({ length }) => length > 1)
      .flatMap((list) => list.map(({ id }) => [id, list])),
  );
}

interface Waiting {
  readonly node: PlanNode;
  readonly steps: readonly Step[];
  readonly done: PromiseWithResolvers<string>;
}

export interface CompanyContext extends StepContext {
  readonly looks: SharedLooks;
  /** Runs work in the lane of all of them. */
  readonly inLane: Enter<string | undefined>;
  /** Runs work when their host has room. */
  readonly inPlace: Enter<void>;
}

type Enter<Told> = (work: (told: Told) => Promise<void>) => Promise<void>;

/** Those of a company that came: they share a lane and a place, and what they do is put into one program where it can be. */
export class Company {
  readonly #context: CompanyContext;
  readonly #left: Set<string>;
  readonly #waiting: Waiting[] = [];
  readonly #lane: Shared<string | undefined>;
  readonly #place: Shared<void>;

  constructor(nodes: readonly PlanNode[], context: CompanyContext) {
    this.#context = context;
    this.#left = new Set(nodes.map(({ id }) => id));
    this.#lane = new Shared(context.inLane);
    this.#place = new Shared(context.inPlace);
  }

  /** Runs all that is to be done for one of them, in the lane of all; it is told the id of the node that was there before. */
  async run<T>(node: PlanNode, work: (behind: string | undefined) => Promise<T>): Promise<T> {
    return this.#lane.run(async (behind) => {
      try {
        return await work(behind);
      } finally {
        this.#left.delete(node.id);
        this.#takeIfAllWait();
      }
    });
  }

  /** Runs work in the one place that they have on their host. */
  inPlace<T>(work: () => Promise<T>): Promise<T> {
    return this.#place.run(work);
  }

  /** The answers to all that a node asks, as things are now: the others look at the same time. */
  look(node: GraphNode): Promise<Answers> {
    return this.#context.looks.ask(node);
  }

  /** Takes steps when the others have come as far, or have nothing to do. */
  take(node: PlanNode, steps: readonly Step[]): Promise<string> {
    const done = Promise.withResolvers<string>();
    this.#waiting.push({ node, steps, done });
    this.#takeIfAllWait();
    return done.promise;
  }

  #takeIfAllWait(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < this.#left.size) return;
    const all = this.#waiting.splice(0);
    void this.#takeAll(all).catch((error: unknown) => all.forEach(({ done }) => done.reject(error)));
  }

  async #takeAll(all: readonly Waiting[]): Promise<void> {
    const [first] = all;
    const joint = all.length > 1 ? inOne(all.map(({ steps }) => steps)) : undefined;
    if (first === undefined || joint === undefined) return this.#takeEach(all);
    try {
      await takeSteps(first.node, joint, this.#toldToAll(all));
      for (const { done } of all) done.resolve('');
    } catch (error) {
      // Each alone, so that the one that fails is told by its own words, and the others are done.
      if (!(error instanceof StepFailed) || isPassing(error)) throw error;
      await this.#takeEach(all);
    }
  }

  /** One after the other: they share a lane. */
  async #takeEach(all: readonly Waiting[]): Promise<void> {
    for (const { node, steps, done } of all) {
      await takeSteps(node, steps, this.#context).then(done.resolve, done.reject);
    }
  }

  /** Each of them takes its own steps, and hears what the one program says. */
  #toldToAll(all: readonly Waiting[]): StepContext {
    const { listener } = this.#context;
    return {
      ...this.#context,
      listener: (event) => {
        for (const { node, steps } of all) {
          if (event.event === 'node-steps') listener({ ...event, node: refOf(node), steps });
          else if (event.event === 'node-progress' || event.event === 'node-retried')
            listener({ ...event, node: refOf(node) });
        }
      },
    };
  }
}

/** The first steps of all as one, and then what is left of each; undefined where they cannot be done by one run. */
function inOne(all: readonly (readonly Step[])[]): readonly Step[] | undefined {
  const firsts = all.flatMap(([step]) => (step?.do === 'run' && step.lists !== undefined ? [step] : []));
  const [first, ...others] = firsts;
  if (first === undefined || firsts.length < all.length) return undefined;
  if (others.some(({ script }) => script !== first.script)) return undefined;
  return [others.reduce(joined, first), ...all.flatMap((steps) => steps.slice(1))];
}

function joined(one: RunStep, other: RunStep): RunStep {
  const lists = Object.entries(one.lists ?? {}).map(([name, words]) => [
    name,
    [words, other.lists?.[name] ?? ''].filter(Boolean).join(' '),
  ]);
  return { ...one, summary: `${one.summary}; ${other.summary}`, lists: Object.fromEntries(lists) };
}

/** Something that is entered once for all who want it at the same time, and left by the last. */
class Shared<Told> {
  readonly #enter: Enter<Told>;
  #inside = 0;
  #open: { readonly entered: Promise<Told>; readonly leave: () => void } | undefined;

  constructor(enter: Enter<Told>) {
    this.#enter = enter;
  }

  async run<T>(work: (told: Told) => Promise<T>): Promise<T> {
    this.#inside += 1;
    this.#open ??= this.#begin();
    const { entered, leave } = this.#open;
    try {
      return await work(await entered);
    } finally {
      this.#inside -= 1;
      if (this.#inside === 0) {
        this.#open = undefined;
        leave();
      }
    }
  }

  #begin(): { readonly entered: Promise<Told>; readonly leave: () => void } {
    const entered = Promise.withResolvers<Told>();
    const left = Promise.withResolvers<void>();
    this.#enter((told) => {
      entered.resolve(told);
      return left.promise;
    }).catch(entered.reject);
    return { entered: entered.promise, leave: left.resolve };
  }
}
