import type { Cluster } from '#core/cluster.ts';
import type { NodeResult } from '#core/event.ts';
import type { Graph } from '#core/graph.ts';
import { type PlanNode, refOf } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';
import type { Connection, Observer } from '#core/transport.ts';

import type { Timing } from './critical-path.ts';
import { Lanes } from './lanes.ts';
import { perform, type PerformContext } from './perform.ts';
import { INTERRUPTED } from './schedule.ts';
import { Semaphore } from '#core/semaphore.ts';
import { SharedLooks } from './shared-looks.ts';
import type { StepContext } from './take-steps.ts';

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

/** Does a node of a plan, in its lane and when its host has room, and reports its start and its end. */
export function nodeRunner(options: NodeRunnerOptions): (node: PlanNode) => Promise<NodeResult> {
  const { listener, signal, cluster, graph, connections, observe, slots, timings } = options;
  const observerOf = async (host: string): Promise<Observer> => observe(await connections.to(host));
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const lanes = new Lanes();
  const shared = {
    ...options,
    observerOf,
    looks: new SharedLooks(observerOf),
    ignoredChecks: cluster.ignoredChecks,
    clusterHost: graph.clusterHost,
  };
  const finish = (node: PlanNode, result: NodeResult, elapsedMs: number): NodeResult => {
    listener({ event: 'node-finished', node: refOf(node), result, elapsedMs });
    return result;
  };
  const places = new Map<string, Semaphore>();
  const placeAt = (host: string): Semaphore => {
    const found = places.get(host) ?? new Semaphore(NODES_PER_HOST);
    places.set(host, found);
    return found;
  };
  return async (planned) => {
    const { id, outcome } = planned;
    if (outcome.answer === 'none') return finish(planned, { result: 'unchanged', why: outcome.why }, 0);
    const node = nodes.get(id);
    if (node === undefined) throw new TypeError(`the plan has a node that the graph has not: ${id}`);
    return lanes.run(node, async (behind) => {
      let startedAt: number | undefined;
      // A place among the hosts is taken last, so that no node holds one while it waits for something else.
      const inPlace: PerformContext['inPlace'] = (work) =>
        placeAt(node.runsOn).run(() =>
          slots.run(() => {
            // The run may have been interrupted while it waited.
            signal.throwIfAborted();
            if (startedAt === undefined)
              listener({ event: 'node-started', node: refOf(node), summary: summaryOf(outcome) });
            startedAt ??= performance.now();
            return work();
          }),
        );
      const result = await perform(node, outcome, { ...shared, inPlace });
      if (startedAt === undefined) return finish(planned, INTERRUPTED, 0);
      const elapsedMs = performance.now() - startedAt;
      timings.set(id, { elapsedMs, behind });
      return finish(planned, result, elapsedMs);
    });
  };
}

function summaryOf(outcome: Outcome): string {
  if (outcome.answer === 'deferred') return 'looking again';
  return outcome.answer === 'change' ? (outcome.steps[0]?.summary ?? 'waiting') : '';
}
