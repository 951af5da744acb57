import type { Cluster } from '#core/cluster.ts';
import type { NodeResult } from '#core/event.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { type PlanNode, refOf } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';
import type { Connection, Observer } from '#core/transport.ts';

import type { Timing } from './critical-path.ts';
import { Company } from './company.ts';
import { Lanes } from './lanes.ts';
import { perform } from './perform.ts';
import { INTERRUPTED } from './schedule.ts';
import { Semaphore } from '#core/semaphore.ts';
import { SharedLooks } from './shared-looks.ts';
import { SharedWatches } from './shared-watches.ts';
import { type StepContext, takeSteps } from './take-steps.ts';

/** How many resources of one host may be worked on at once; sshd allows ten channels by default. */
const NODES_PER_HOST = 4;

export interface NodeRunnerOptions extends StepContext {
  readonly cluster: Cluster;
  readonly graph: Graph;
  readonly observe: (connection: Pick<Connection, 'host' | 'execute'>) => Observer;
  /** A place for each host that may be worked on at the same time. */
  readonly slots: Semaphore;
  /** Gets how long each node took, by id. */
  readonly timings: Map<string, Timing>;
}

/**
 * Does a node of a plan, in its lane and when its host has room, and reports its start and its end. Those of its company
 * that came with it share both.
 */
export function nodeRunner(
  options: NodeRunnerOptions,
): (node: PlanNode, company: readonly PlanNode[]) => Promise<NodeResult> {
  const { listener, signal, cluster, graph, connections, slots, timings } = options;
  const observerOf = async (host: string): Promise<Observer> =>
    options.observe(await connections.lookable(host));
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const lanes = new Lanes();
  const looks = new SharedLooks(observerOf);
  const shared = {
    ...options,
    looks,
    watches: new SharedWatches((host) => connections.lookable(host)),
    ignoredChecks: cluster.ignoredChecks,
    clusterHost: graph.clusterHost,
  };
  const finish = (node: PlanNode, result: NodeResult, elapsedMs: number): NodeResult => {
    listener({ event: 'node-finished', node: refOf(node), result, elapsedMs });
    return result;
  };
  const inPlaceAt = placesAt(slots);
  const companies = new Map<readonly PlanNode[], Company>();
  const companyOf = (list: readonly PlanNode[], node: GraphNode): Company | undefined => {
    if (list.length < 2) return undefined;
    const found =
      companies.get(list) ??
      new Company(list, {
        ...options,
        looks: new SharedLooks(observerOf),
        inLane: (work) => lanes.run(node, work),
        inPlace: (work) => inPlaceAt(node.runsOn, work),
      });
    companies.set(list, found);
    return found;
  };
  return async (planned, list) => {
    const { id, outcome } = planned;
    if (outcome.answer === 'none') return finish(planned, { result: 'unchanged', why: outcome.why }, 0);
    const node = nodes.get(id);
    if (node === undefined) throw new TypeError(`the plan has a node that the graph has not: ${id}`);
    const company = companyOf(list, node);
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
        ...shared,
        observerOf,
        lookNow: (asking) => company?.look(asking) ?? looks.askNow(asking),
        take: (steps) => company?.take(planned, steps) ?? takeSteps(node, steps, options),
        // A place among the hosts is taken last, so that no node holds one while it waits for something else.
        inPlace: (task) => company?.inPlace(() => begin(task)) ?? inPlaceAt(node.runsOn, () => begin(task)),
      });
      if (startedAt === undefined) return finish(planned, INTERRUPTED, 0);
      const elapsedMs = performance.now() - startedAt;
      timings.set(id, { elapsedMs, behind });
      return finish(planned, result, elapsedMs);
    };
    return company?.run(planned, work) ?? lanes.run(node, work);
  };
}

/** Runs work when its host has room for it, and then when there is a place among the hosts. */
function placesAt(slots: Semaphore): <T>(host: string, work: () => Promise<T>) => Promise<T> {
  const places = new Map<string, Semaphore>();
  return (host, work) => {
    const place = places.get(host) ?? new Semaphore(NODES_PER_HOST);
    places.set(host, place);
    return place.run(() => slots.run(work));
  };
}

function summaryOf(outcome: Outcome): string {
  if (outcome.answer === 'deferred') return 'looking again';
  return outcome.answer === 'change' ? (outcome.steps[0]?.summary ?? 'waiting') : '';
}
