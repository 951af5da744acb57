import { setTimeout as sleep } from 'node:timers/promises';

import type { NodeResult, RunReport } from '#core/event.ts';
import { type Answers, CONTROLLER } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { PhaseContext } from '#core/phase.ts';
import { hostsAway, type Plan, type PlanHost, type PlanNode, refOf } from '#core/plan.ts';
import { deferred } from '#core/resource.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { companiesOf } from './company.ts';
import { buildGraph, type GraphOptions, type Selection, withoutAway } from './build-graph.ts';
import type { Timing } from './critical-path.ts';
import { LookAhead } from './look-ahead.ts';
import type { HostLook } from './looker.ts';
import { hostsAsked, makePlan } from './make-plan.ts';
import { NodeRunner } from './node-runner.ts';
import { makeReport } from './report.ts';
import { turnsOf } from './rollouts.ts';
import { runSchedule } from './schedule.ts';
import { SecretVault } from './secret-vault.ts';
import type { Session } from './session.ts';
import { describeLeft } from './settle.ts';
import { refuseStale } from './stale.ts';
import { Visits } from './visits.ts';

const PROOF_PAUSE_MS = 1000;

export interface RunOptions extends Selection {
  readonly artifacts: PhaseContext['artifacts'];
}

/** A plan of what the hosts need, and the apply of that plan. */
export class Run {
  readonly #session: Session;
  readonly #graphOptions: GraphOptions;
  #graph: Graph;

  constructor(session: Session, options: RunOptions) {
    const { cluster, workflow } = session.options;
    this.#session = session;
    this.#graphOptions = { ...options, cluster, workflow };
    this.#graph = buildGraph(this.#graphOptions);
  }

  /** Its nodes. After a plan, CLUSTER may stand for another control plane in it. */
  get graph(): Graph {
    return this.#graph;
  }

  /** Asks every host all its questions at once, and decides. A host that cannot be reached is shown as such. */
  async plan(): Promise<Plan> {
    const { looker } = this.#session;
    const look = await looker.lookAt(this.#graph.nodes);
    const clusterHost = await looker.findSpeaker(look, this.#graph);
    const isAnother = clusterHost !== this.#graph.clusterHost;
    const graph = isAnother ? buildGraph({ ...this.#graphOptions, clusterHost }) : this.#graph;
    this.#graph = { ...graph, nodes: withoutAway(graph.nodes, hostsAway(look)) };
    const seen = isAnother ? await looker.lookFurther(look, this.#graph.nodes) : look;
    return this.#planOn(seen, this.#graph.nodes);
  }

  /**
   * Does a plan made by this run, or a saved one that still holds, and proves that nothing is left.
   *
   * @throws {SlipwayError} with exit code 4 when a fact under a saved plan has moved.
   */
  async apply(plan: Plan, saved?: Plan): Promise<RunReport> {
    if (saved !== undefined) refuseStale(saved, plan, this.#graph);
    refuseProblems(plan);
    const startedAt = performance.now();
    const { options, connections, slots } = this.#session;
    const { listener, signal } = options;
    listener({ event: 'run-started', plan });
    const tell = (): void => listener({ event: 'interrupted' });
    signal.addEventListener('abort', tell, { once: true });
    const vault = new SecretVault(this.#graph.secrets, (host) => connections.to(host));
    const timings = new Map<string, Timing>();
    const turns = turnsOf(plan, this.#graph);
    const companies = companiesOf(plan.nodes, this.#graph, turns);
    const inGraph = new Map(this.#graph.nodes.map((node) => [node.id, node]));
    const runner = new NodeRunner({
      ...options,
      clusterHost: this.#graph.clusterHost,
      inGraph,
      connections,
      visits: new Visits({ ...options, connections }),
      ahead: new LookAhead({ nodes: plan.nodes, inGraph, turns, companies }),
      slots,
      vault,
      timings,
    });
    const results = await runSchedule({
      nodes: plan.nodes,
      absent: absentNodes(plan, this.#graph),
      turns,
      companies,
      signal,
      run: (node, company) => runner.run(node, company),
      onSkipped: (node, result) => listener({ event: 'node-finished', node, result, elapsedMs: 0 }),
    });
    const unrevoked = await vault.revokeAll();
    const left = await this.#leftAfter(plan, results);
    signal.removeEventListener('abort', tell);
    const report = makeReport({
      plan,
      results,
      left,
      unrevoked,
      timings,
      elapsedMs: performance.now() - startedAt,
    });
    listener({ event: 'run-finished', report });
    return report;
  }

  #planOn(look: readonly HostLook[], nodes: readonly GraphNode[]): Plan {
    const { cluster } = this.#session.options;
    return makePlan({
      cluster: cluster.name,
      kubernetes: cluster.kubernetes.version,
      ignoredChecks: cluster.ignoredChecks,
      graph: { ...this.#graph, nodes },
      answers: Object.fromEntries(
        look.flatMap(({ name, answers }) => (answers ? [[name, answers]] : [])),
      ) satisfies Answers,
      hosts: look
        .filter(({ name }) => name !== CONTROLLER)
        .map(({ answers: _answers, ...host }): PlanHost => host),
    });
  }

  /**
   * A fresh plan of what was touched; anything in it is a failure of the run. What was right before may need a
   * moment to be so again: a node that joined anew is not Ready at once.
   */
  async #leftAfter(plan: Plan, results: ReadonlyMap<string, NodeResult>): Promise<readonly PlanNode[]> {
    const { looker, options } = this.#session;
    const { signal, listener } = options;
    if (signal.aborted) return [];
    const touched = new Set(
      plan.nodes.filter(({ id }) => results.get(id)?.result === 'changed').map(({ host }) => host),
    );
    if (touched.size === 0) return [];
    const settled = (id: string): boolean => {
      const result = results.get(id)?.result;
      return result === 'changed' || result === 'unchanged';
    };
    const nodes = this.#graph.nodes.filter(({ id, host }) => touched.has(host) && settled(id));
    const settleOf = new Map(nodes.map(({ id, resource }) => [id, resource.settle]));
    const startedAt = performance.now();
    for (;;) {
      const fresh = this.#planOn(await looker.lookAt(nodes), nodes);
      const left = [
        ...fresh.nodes.filter(({ outcome }) => outcome.answer !== 'none'),
        ...unseen(plan.nodes, fresh),
      ];
      const elapsedMs = performance.now() - startedAt;
      const isHopeless = left.some(({ id }) => (settleOf.get(id)?.timeoutMs ?? 0) <= elapsedMs);
      if (left.length === 0 || isHopeless || signal.aborted) return left;
      for (const node of left) {
        const { timeoutMs = 0 } = settleOf.get(node.id) ?? {};
        listener({ event: 'node-waiting', node: refOf(node), what: describeLeft(node.outcome), timeoutMs });
      }
      await sleep(PROOF_PAUSE_MS);
    }
  }
}

/** For each host that could not be looked at again, one of the nodes that were done there. */
const unseen = (done: readonly PlanNode[], { hosts }: Plan): readonly PlanNode[] =>
  hosts.flatMap(({ name, unreachable }) => {
    const node = done.find(({ runsOn }) => runsOn === name);
    if (unreachable === undefined || node === undefined) return [];
    const why = `it could not be looked at again: ${unreachable}`;
    return [{ ...node, outcome: deferred({ host: name, phase: node.phase }, why) }];
  });

/** Nodes that the plan leaves out because of a host that could not be asked: why, by id. */
function absentNodes({ hosts }: Plan, { nodes }: Graph): ReadonlyMap<string, string> {
  const away = hostsAway(hosts.filter(({ gone }) => gone === undefined));
  if (away.size === 0) return new Map();
  return new Map(
    nodes.flatMap((node) => {
      const host = hostsAsked(node).find((name) => away.has(name));
      return host === undefined ? [] : [[node.id, `${host} could not be reached`]];
    }),
  );
}

function refuseProblems(plan: Plan): void {
  const problems = plan.nodes.flatMap(({ host, outcome }) =>
    outcome.answer === 'refused' ? [{ host, ...outcome }] : [],
  );
  const [first] = problems;
  if (first === undefined) return;
  // The same cause on many hosts, or in the way of many resources, is one.
  const causes = Map.groupBy(problems, ({ check, why, hint }) => `${check}: ${why}\n    ${hint}`);
  const list = [...causes].map(([text, same]) => {
    const [host = '', ...others] = new Set(same.map((problem) => problem.host));
    return `  ${host}${others.length > 0 ? ` and ${others.length} more` : ''}: ${text}`;
  });
  throw new SlipwayError(
    `nothing was applied, ${causes.size} thing(s) stand in the way:\n${list.join('\n')}`,
    {
      code: 'refused',
      hint: `mend them, or ignore a check by name in the inventory: ignoreChecks: [${first.check}]`,
    },
  );
}
