import type { Cluster } from '#core/cluster.ts';
import type { NodeResult } from '#core/event.ts';
import type { Answers, HostAnswers } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { type PlanNode, refOf } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';
import type { Connection, Observer } from '#core/transport.ts';

import type { Timing } from './critical-path.ts';
import { Company } from './company.ts';
import { Lanes } from './lanes.ts';
import { perform } from './perform.ts';
import { INTERRUPTED } from './schedule.ts';
import type { Semaphore } from '#core/semaphore.ts';
import { observe } from './observe.ts';
import { SharedEntry } from './shared-entry.ts';
import { SharedLooks } from './shared-looks.ts';
import { SharedWatches } from './shared-watches.ts';
import { type StepContext, takeSteps } from './take-steps.ts';

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
  const { listener, signal, cluster, graph, connections, visits, slots, timings } = options;
  const observerOf = async (host: string): Promise<Observer> =>
    options.observe(await connections.lookable(host));
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const lanes = new Lanes();
  const looks = new SharedLooks(observerOf);
  /** Its own host is asked at once, others together with all who ask them. */
  const lookNow = (node: GraphNode, known?: HostAnswers): Promise<Answers> =>
    observe([node], async (host, facts) =>
      host === node.runsOn ? (known ?? visits.ask(host, facts)) : looks.join(host, facts),
    );
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
        inLane: (work) => lanes.run(node, work),
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
        lookNow,
        take: (steps, facts = []) =>
          company?.take(planned, steps, facts) ?? takeSteps(node, steps, options, facts),
        // A place among the hosts is taken last, so that no node holds one while it waits for something else.
        inPlace: (task) => inPlaceAt(node.runsOn, () => begin(task)),
      });
      if (startedAt === undefined) return finish(planned, INTERRUPTED, 0);
      const elapsedMs = performance.now() - startedAt;
      timings.set(id, { elapsedMs, behind });
      return finish(planned, result, elapsedMs);
    };
    return company?.run(planned, work) ?? lanes.run(node, work);
  };
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
