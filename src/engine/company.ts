import type { Graph } from '#core/graph.ts';
import { type PlanNode, refOf } from '#core/plan.ts';
import type { RunStep, Step } from '#core/step.ts';

import { StepFailed } from './failure.ts';
import type { Turn } from './rollouts.ts';
import { SharedEntry } from './shared-entry.ts';
import { isPassing, type LookBehind, type StepContext, type Taken, takeSteps } from './take-steps.ts';

/**
 * Nodes of one host that are done together, by the id of each: resources of one company that wait neither for one another
 * nor for their turn. No company waits for itself, by way of others either.
 */
export function companiesOf(
  nodes: readonly PlanNode[],
  graph: Graph,
  turns: ReadonlyMap<string, Turn>,
): ReadonlyMap<string, readonly PlanNode[]> {
  const named = new Map(
    graph.nodes.flatMap(({ id, resource: { company } }) => (company ? [[id, company]] : [])),
  );
  const isOfOne = ({ id, outcome }: PlanNode): boolean => outcome.answer !== 'none' && named.has(id);
  if (!nodes.some(isOfOne)) return new Map();
  /** The companies that each node waits for, its own included. */
  const before = new Map<string, ReadonlySet<string>>();
  const found = new Map<string, { readonly list: PlanNode[]; readonly waitsFor: Set<string> }>();
  const waitsFor = (key: string, other: string, seen = new Set<string>()): boolean => {
    if (key === other) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return [...(found.get(key)?.waitsFor ?? [])].some((next) => waitsFor(next, other, seen));
  };
  for (const node of nodes) {
    const { id, runsOn } = node;
    const needs = [...node.needs, ...(node.needsOneOf ?? []).flat()];
    const keys = union(needs.flatMap((need) => before.get(need) ?? []));
    const key = isOfOne(node) ? `${runsOn} ${named.get(id)}` : undefined;
    before.set(id, key === undefined || keys.has(key) ? keys : new Set([...keys, key]));
    if (key === undefined || turns.has(id) || [...keys].some((other) => waitsFor(other, key))) continue;
    const group = found.get(key) ?? { list: [], waitsFor: new Set() };
    group.list.push(node);
    for (const other of keys) group.waitsFor.add(other);
    found.set(key, group);
  }
  return new Map(
    [...found.values()]
      .filter(({ list }) => list.length > 1)
      .flatMap(({ list }) => list.map(({ id }) => [id, list])),
  );
}

const NOTHING: ReadonlySet<string> = new Set();

/** Most nodes wait for the same as the one before them: sets are shared. */
function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first = NOTHING, ...others] = new Set(sets);
  return others.every((set) => set.isSubsetOf(first))
    ? first
    : new Set([first, ...others].flatMap((set) => [...set]));
}

interface Waiting {
  readonly node: PlanNode;
  readonly steps: readonly Step[];
  readonly look: LookBehind;
  readonly done: PromiseWithResolvers<Taken>;
}

export interface CompanyContext extends StepContext {
  /** Runs work in the lane of all of them. */
  readonly inLane: (work: (behind: string | undefined) => Promise<void>) => Promise<void>;
}

/** Those of a company that came: they share a lane, and what they do is put into one run of a script where it can be. */
export class Company {
  readonly #context: CompanyContext;
  readonly #nodes: readonly PlanNode[];
  readonly #left: Set<string>;
  readonly #waiting: Waiting[] = [];
  readonly #lane: SharedEntry<string | undefined>;

  constructor(nodes: readonly PlanNode[], context: CompanyContext) {
    this.#context = context;
    this.#nodes = nodes;
    this.#left = new Set(nodes.map(({ id }) => id));
    this.#lane = new SharedEntry(context.inLane);
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

  /** Takes steps when the others have come as far, or have nothing to do. */
  take(node: PlanNode, steps: readonly Step[], look: LookBehind): Promise<Taken> {
    const done = Promise.withResolvers<Taken>();
    this.#waiting.push({ node, steps, look, done });
    this.#takeIfAllWait();
    return done.promise;
  }

  #takeIfAllWait(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < this.#left.size) return;
    const all = this.#nodes.flatMap(({ id }) => this.#waiting.filter(({ node }) => node.id === id));
    this.#waiting.length = 0;
    void this.#takeAll(all).catch((error: unknown) => all.forEach(({ done }) => done.reject(error)));
  }

  async #takeAll(all: readonly Waiting[]): Promise<void> {
    const [first] = all;
    const joint = all.length > 1 ? inOne(all.map(({ steps }) => steps)) : undefined;
    if (first === undefined || joint === undefined) return this.#takeEach(all);
    try {
      const look = {
        facts: all.flatMap((each) => each.look.facts),
        ahead: new Map(all.flatMap((each) => [...(each.look.ahead ?? [])])),
      };
      const taken = await takeSteps(first.node, joint, this.#toldToAll(all), look);
      for (const { done } of all) done.resolve(taken);
    } catch (error) {
      // Each alone, so that the one that fails is told by its own words, and the others are done.
      if (!(error instanceof StepFailed) || isPassing(error)) throw error;
      await this.#takeEach(all);
    }
  }

  /** One after the other: they share a lane. */
  async #takeEach(all: readonly Waiting[]): Promise<void> {
    for (const { node, steps, look, done } of all) {
      await takeSteps(node, steps, this.#context, look).then(done.resolve, done.reject);
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
  const summary = one.summary === other.summary ? one.summary : `${one.summary}; ${other.summary}`;
  return { ...one, summary, lists: Object.fromEntries(lists) };
}
