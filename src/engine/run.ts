import { setTimeout as sleep } from 'node:timers/promises';

import type { Cluster } from '#core/cluster.ts';
import type { Listener, NodeResult, RunReport } from '#core/event.ts';
import type { Answers, HostAnswers } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Phase, PhaseContext } from '#core/phase.ts';
import type { Plan, PlanHost, PlanNode } from '#core/plan.ts';
import { EXIT } from '#core/exit-code.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import { deferred } from '#core/resource.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Observer, Transport } from '#core/transport.ts';

import { buildGraph } from './build-graph.ts';
import { Connections } from './connections.ts';
import type { Timing } from './critical-path.ts';
import { makePlan } from './make-plan.ts';
import { factsByHost } from './observe.ts';
import { perform, type PerformContext } from './perform.ts';
import { makeReport } from './report.ts';
import { INTERRUPTED, runSchedule } from './schedule.ts';
import { SecretVault } from './secret-vault.ts';
import { Semaphore } from './semaphore.ts';
import { SharedAnswers } from './shared-answers.ts';
import { refuseStale } from './stale.ts';
import { refOf, type StepContext } from './take-steps.ts';

/** How many resources of one host may be worked on at once; sshd allows ten channels by default. */
const NODES_PER_HOST = 4;
const PROOF_PAUSE_MS = 1000;

export interface RunOptions {
  readonly cluster: Cluster;
  readonly workflow: readonly Phase[];
  readonly artifacts: PhaseContext['artifacts'];
  /** Fetches what steps stream to hosts, as base64. */
  readonly fetchFile: StepContext['fetchFile'];
  readonly transport: Transport;
  /** What planning gets of a connection: questions only. */
  readonly observe: (connection: Pick<Connection, 'host' | 'execute'>) => Observer;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** Hosts connected to or worked on at the same time. */
  readonly concurrency: number;
  readonly limit?: readonly string[] | undefined;
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** Who holds the hosts' locks while this run may change them; absent in a run that only plans. */
  readonly holder?: string | undefined;
}

/** One look at the hosts, and what may follow from it. */
export class Run {
  readonly graph: Graph;
  readonly #options: RunOptions;
  readonly #connections: Connections;
  readonly #slots: Semaphore;

  constructor(options: RunOptions) {
    this.#options = options;
    this.graph = buildGraph(options);
    this.#connections = new Connections(options);
    this.#slots = new Semaphore(options.concurrency);
  }

  /** Asks every host all its questions at once, and decides. A host that cannot be reached is said so. */
  async plan(): Promise<Plan> {
    return this.#planOf(this.graph.nodes);
  }

  /**
   * Does a plan made by this run, or a saved one that still holds, and proves that nothing is left.
   *
   * @throws {SlipwayError} with exit code 4 when a fact under a saved plan has moved.
   */
  async apply(plan: Plan, saved?: Plan): Promise<RunReport> {
    if (saved !== undefined) refuseStale(saved, plan, this.graph);
    refuseProblems(plan);
    const startedAt = performance.now();
    const { listener, signal } = this.#options;
    listener({ event: 'run-started', plan });
    const tell = (): void => listener({ event: 'interrupted' });
    signal.addEventListener('abort', tell, { once: true });
    const vault = new SecretVault(this.graph.secrets, (host) => this.#connections.to(host));
    const context: PerformContext = {
      connections: this.#connections,
      observerOf: this.#observerOf,
      vault,
      listener,
      signal,
      fetchFile: this.#options.fetchFile,
    };
    const missing = missingHosts(plan);
    const timings = new Map<string, Timing>();
    const runNode = this.#nodeRunner(context, timings);
    const results = await runSchedule({ nodes: plan.nodes, missing, signal, run: runNode });
    const kept = await vault.revokeAll();
    const left = await this.#leftAfter(plan, results);
    signal.removeEventListener('abort', tell);
    const report = makeReport({
      plan,
      results,
      left,
      kept,
      timings,
      elapsedMs: performance.now() - startedAt,
    });
    listener({ event: 'run-finished', report });
    return report;
  }

  /** Programs run on all hosts so far. */
  async executions(): Promise<number> {
    return this.#connections.executions();
  }

  /** The connection of this run to a host, for what is neither planned nor applied: fetching a kubeconfig. */
  async connection(host: string): Promise<Connection> {
    return this.#connections.to(host);
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  readonly #observerOf = async (host: string): Promise<Observer> =>
    this.#options.observe(await this.#connections.to(host));

  async #planOf(nodes: readonly GraphNode[]): Promise<Plan> {
    const { cluster } = this.#options;
    const facts = factsByHost(nodes);
    const concerned = new Set([...nodes.flatMap(({ host }) => host), ...facts.keys()]);
    const names = cluster.hosts.map(({ name }) => name).filter((name) => concerned.has(name));
    // Where there are more hosts than may be connected to at once, a look leaves no connection open.
    const isLetGo = this.#options.holder === undefined && names.length > this.#options.concurrency;
    const shared = new SharedAnswers();
    const asked = await Promise.all(
      names.map((name) =>
        this.#slots.run(async () => {
          const { answers, ...look } = await this.#ask(name, facts.get(name) ?? []);
          if (isLetGo) await this.#connections.letGo(name);
          return { ...look, ...(answers !== undefined && { answers: shared.of(answers) }) };
        }),
      ),
    );
    return makePlan({
      cluster: cluster.name,
      kubernetes: cluster.kubernetes.version,
      ignoredChecks: cluster.ignoredChecks,
      graph: { ...this.graph, nodes },
      answers: Object.fromEntries(
        asked.flatMap(({ name, answers }) => (answers ? [[name, answers]] : [])),
      ) satisfies Answers,
      hosts: asked.map(({ name, unreachable }): PlanHost => ({
        name,
        ...(unreachable !== undefined && { unreachable }),
      })),
    });
  }

  async #ask(name: string, facts: Parameters<Observer['ask']>[0]): Promise<HostLook> {
    const { listener } = this.#options;
    try {
      const answers = await this.#look(name, facts);
      listener({ event: 'observed', host: name });
      return { name, answers };
    } catch (error) {
      if (!isOfOneHost(error, name)) throw error;
      listener({ event: 'unreachable', host: name, why: error.message });
      return { name, unreachable: error.message };
    }
  }

  /** Once more where the connection is lost meanwhile. */
  async #look(name: string, facts: Parameters<Observer['ask']>[0]): Promise<HostAnswers> {
    const look = (): Promise<HostAnswers> =>
      this.#connections.look(name, (connection) => this.#options.observe(connection).ask(facts));
    try {
      return await look();
    } catch (error) {
      const { signal, listener } = this.#options;
      if (!(error instanceof ConnectionLost) || signal.aborted) throw error;
      listener({ event: 'connect-retried', host: name, why: error.message, pauseMs: 0, attempt: 2 });
      await this.#connections.letGo(name);
      return look();
    }
  }

  #nodeRunner(
    context: PerformContext,
    timings: Map<string, Timing>,
  ): (node: PlanNode) => Promise<NodeResult> {
    const { listener } = this.#options;
    const nodes = new Map(this.graph.nodes.map((node) => [node.id, node]));
    const gates = new Map<string, Semaphore>();
    const lastAt = new Map<string, string>();
    const gate = (name: string, size: number): Semaphore => {
      const found = gates.get(name) ?? new Semaphore(size);
      gates.set(name, found);
      return found;
    };
    return async ({ id, outcome }) => {
      if (outcome.answer === 'none') return { result: 'unchanged', why: outcome.why };
      const node = nodes.get(id);
      if (node === undefined) throw new TypeError(`the plan has a node that the graph has not: ${id}`);
      const { exclusive } = node.resource;
      const turn = exclusive === undefined ? undefined : `${node.runsOn} ${exclusive}`;
      const work = async (): Promise<NodeResult> => {
        // It may have waited for its turn until now.
        if (context.signal.aborted) return INTERRUPTED;
        const behind = turn === undefined ? undefined : lastAt.get(turn);
        if (turn !== undefined) lastAt.set(turn, id);
        const startedAt = performance.now();
        listener({ event: 'node-started', node: refOf(node), summary: summaryOf(outcome) });
        const result = await perform(node, outcome, context);
        const elapsedMs = performance.now() - startedAt;
        timings.set(id, { elapsedMs, behind });
        listener({ event: 'node-finished', node: refOf(node), result, elapsedMs });
        return result;
      };
      // A place among the hosts is taken last, so that nobody holds one while waiting for another gate.
      const bounded = (): Promise<NodeResult> =>
        gate(node.runsOn, NODES_PER_HOST).run(() => this.#slots.run(work));
      return turn === undefined ? bounded() : gate(turn, 1).run(bounded);
    };
  }

  /**
   * A fresh plan of what was touched; anything in it is a failure of the run. What was right before may need a
   * moment to be so again: a node that joined anew is not Ready at once.
   */
  async #leftAfter(plan: Plan, results: ReadonlyMap<string, NodeResult>): Promise<readonly PlanNode[]> {
    const { signal } = this.#options;
    if (signal.aborted) return [];
    const touched = new Set(
      plan.nodes.filter(({ id }) => results.get(id)?.result === 'changed').map(({ host }) => host),
    );
    if (touched.size === 0) return [];
    const settled = (id: string): boolean => {
      const result = results.get(id)?.result;
      return result === 'changed' || result === 'unchanged';
    };
    const nodes = this.graph.nodes.filter(({ id, host }) => touched.has(host) && settled(id));
    const settleMsOf = new Map(nodes.map(({ id, resource }) => [id, resource.settleMs]));
    const startedAt = performance.now();
    for (;;) {
      const fresh = await this.#planOf(nodes);
      const left = [
        ...fresh.nodes.filter(({ outcome }) => outcome.answer !== 'none'),
        ...unseen(plan.nodes, fresh),
      ];
      const elapsedMs = performance.now() - startedAt;
      const isHopeless = left.some(({ id }) => (settleMsOf.get(id) ?? 0) <= elapsedMs);
      if (left.length === 0 || isHopeless || signal.aborted) return left;
      await sleep(PROOF_PAUSE_MS);
    }
  }
}

interface HostLook {
  readonly name: string;
  readonly answers?: HostAnswers;
  readonly unreachable?: string;
}

/** What ends the look at one host only: it cannot be reached or not be read. Another run that holds it ends this one. */
const isOfOneHost = (error: unknown, host: string): error is SlipwayError =>
  error instanceof SlipwayError &&
  error.exitCode !== EXIT.locked &&
  (error.exitCode === EXIT.unreachable || error.host === host);

/** What was done on hosts that could not be looked at again, one thing for each. */
const unseen = (done: readonly PlanNode[], { hosts }: Plan): readonly PlanNode[] =>
  hosts.flatMap(({ name, unreachable }) => {
    const node = done.find(({ runsOn }) => runsOn === name);
    if (unreachable === undefined || node === undefined) return [];
    const why = `it could not be looked at again: ${unreachable}`;
    return [{ ...node, outcome: deferred({ host: name, phase: node.phase }, why) }];
  });

const missingHosts = ({ hosts }: Plan): ReadonlyMap<string, string> =>
  new Map(hosts.flatMap(({ name, unreachable }) => (unreachable === undefined ? [] : [[name, unreachable]])));

function summaryOf({ answer, ...outcome }: PlanNode['outcome']): string {
  if (answer === 'deferred') return 'looking again';
  return 'steps' in outcome ? (outcome.steps[0]?.summary ?? '') : '';
}

function refuseProblems(plan: Plan): void {
  const problems = plan.nodes.flatMap(({ host, outcome }) =>
    outcome.answer === 'refused' ? [{ host, ...outcome }] : [],
  );
  const [first] = problems;
  if (first === undefined) return;
  const list = problems
    .map(({ host, check, why, hint }) => `  ${host}: ${check}: ${why}\n    ${hint}`)
    .join('\n');
  throw new SlipwayError(`nothing was applied, ${problems.length} thing(s) stand in the way:\n${list}`, {
    code: 'refused',
    hint: `mend them, or ignore a check by name in the inventory: ignoreChecks: [${first.check}]`,
  });
}
