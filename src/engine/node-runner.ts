import type { Cluster } from '#core/cluster.ts';
import type { NodeResult } from '#core/event.ts';
import type { GraphNode } from '#core/graph.ts';
import { type PlanNode, refOf } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';
import type { Connection, Observer } from '#core/transport.ts';

import type { Connections } from './connections.ts';
import type { Timing } from './critical-path.ts';
import { Company } from './company.ts';
import { Lanes } from './lanes.ts';
import { isLikelyNone, type LookAhead } from './look-ahead.ts';
import { perform, type PerformContext } from './perform.ts';
import { INTERRUPTED } from './schedule.ts';
import type { Semaphore } from '#core/semaphore.ts';
import { observe } from './observe.ts';
import { SharedEntry } from './shared-entry.ts';
import { SharedLooks } from './shared-looks.ts';
import { SharedWatches } from './shared-watches.ts';
import { type StepContext, takeSteps } from './take-steps.ts';
import { type Ahead, NOBODY } from './visits.ts';

export interface NodeRunnerOptions extends StepContext {
  readonly cluster: Cluster;
  readonly clusterHost: string;
  /** The nodes of the graph, by id. */
  readonly inGraph: ReadonlyMap<string, GraphNode>;
  readonly connections: Connections;
  readonly observe: (connection: Pick<Connection, 'host' | 'execute'>) => Observer;
  /** What nodes will ask next. */
  readonly ahead: LookAhead;
  /** A place for each host that may be worked on at the same time. */
  readonly slots: Semaphore;
  /** Gets how long each node took, by id. */
  readonly timings: Map<string, Timing>;
}

/** Does nodes of a plan, each in its lane and when its host has a place, and reports its start and its end. */
export class NodeRunner {
  readonly #options: NodeRunnerOptions;
  readonly #lanes = new Lanes();
  readonly #looks: SharedLooks;
  readonly #watches: SharedWatches;
  readonly #inPlaceAt: <T>(host: string, work: () => Promise<T>) => Promise<T>;
  readonly #companies = new Map<readonly PlanNode[], Company>();

  constructor(options: NodeRunnerOptions) {
    this.#options = options;
    this.#looks = new SharedLooks(this.#observerOf);
    this.#watches = new SharedWatches((host) => options.connections.lookable(host));
    this.#inPlaceAt = placesAt(options.slots);
  }

  /** Does one; those of its company that came with it share its start and its end. */
  async run(planned: PlanNode, list: readonly PlanNode[]): Promise<NodeResult> {
    const { id, outcome } = planned;
    if (outcome.answer === 'none') return this.#finish(planned, { result: 'unchanged', why: outcome.why }, 0);
    const node = this.#options.inGraph.get(id);
    if (node === undefined) throw new TypeError(`the plan has a node that the graph has not: ${id}`);
    const company = list.length < 2 ? undefined : this.#companyOf(list, node);
    const { listener, signal, timings } = this.#options;
    const work = async (behind: string | undefined): Promise<NodeResult> => {
      let startedAt: number | undefined;
      const begin = <T>(task: () => Promise<T>): Promise<T> => {
        // The run may have been interrupted while it waited.
        signal.throwIfAborted();
        if (startedAt === undefined)
          listener({ event: 'node-started', node: refOf(node), summary: summaryOf(outcome) });
        startedAt ??= performance.now();
        return task();
      };
      const result = await perform(node, outcome, {
        ...this.#contextOf(planned, list, company),
        // A place among the hosts is taken last, so that no node holds one while it waits for something else.
        inPlace: (task) => this.#inPlaceAt(node.runsOn, () => begin(task)),
      });
      if (startedAt === undefined) return this.#finish(planned, INTERRUPTED, 0);
      const elapsedMs = performance.now() - startedAt;
      timings.set(id, { elapsedMs, behind });
      return this.#finish(planned, result, elapsedMs);
    };
    return company?.run(planned, work) ?? this.#lanes.run(node, work);
  }

  #contextOf(
    planned: PlanNode,
    list: readonly PlanNode[],
    company: Company | undefined,
  ): Omit<PerformContext, 'inPlace'> {
    const { visits, ahead, cluster } = this.#options;
    const behind = (): Ahead => ahead.behind(list.map(({ id }) => id));
    return {
      ...this.#options,
      looks: this.#looks,
      watches: this.#watches,
      ignoredChecks: cluster.ignoredChecks,
      observerOf: this.#observerOf,
      // Its own host is asked at once, others together with all who ask them.
      lookNow: (asking, known) =>
        observe([asking], async (host, facts) =>
          host === asking.runsOn
            ? (known ?? visits.ask(host, facts, planned.id, isLikelyNone(planned) ? behind() : NOBODY))
            : this.#looks.join(host, facts),
        ),
      take: (steps, facts = []) => {
        const look = { facts, ahead: behind() };
        return company?.take(planned, steps, look) ?? takeSteps(planned, steps, this.#options, look);
      },
    };
  }

  readonly #observerOf = async (host: string): Promise<Observer> => {
    const { observe: observerFor, connections } = this.#options;
    return observerFor(await connections.lookable(host));
  };

  #companyOf(list: readonly PlanNode[], node: GraphNode): Company {
    const inLane = (work: (behind: string | undefined) => Promise<void>): Promise<void> =>
      this.#lanes.run(node, work);
    const found = this.#companies.get(list) ?? new Company(list, { ...this.#options, inLane });
    this.#companies.set(list, found);
    return found;
  }

  #finish(node: PlanNode, result: NodeResult, elapsedMs: number): NodeResult {
    if (result.result === 'changed' || result.result === 'unchanged') this.#options.ahead.ended(node.id);
    this.#options.listener({ event: 'node-finished', node: refOf(node), result, elapsedMs });
    return result;
  }
}

/** Runs work when there is a place among the hosts: one for all that is done on a host at the same time. */
function placesAt(slots: Semaphore): <T>(host: string, work: () => Promise<T>) => Promise<T> {
  const places = new Map<string, SharedEntry<void>>();
  return (host, work) => {
    const place = places.get(host) ?? new SharedEntry((inside) => slots.run(inside));
    places.set(host, place);
    return place.run(work);
  };
}

function summaryOf(outcome: Outcome): string {
  if (outcome.answer === 'deferred') return 'looking again';
  return outcome.answer === 'change' ? (outcome.steps[0]?.summary ?? 'waiting') : '';
}
