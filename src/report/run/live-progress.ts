import type { Failure, NodeRef, NodeResult, RunEvent } from '#core/event.ts';
import type { Plan, PlanNode } from '#core/plan.ts';
import { waitingText } from './waiting-text.ts';

/** What a node is at. */
export interface Activity {
  readonly node: NodeRef;
  readonly startedAtMs: number;
  /** The step, then the last line it printed, the retry it waits for, or what is not as wanted yet. */
  readonly doing: string;
}

/** Where a run is, from its plan and its events alone. */
export class LiveProgress {
  readonly #phases = new Map<string, PhaseProgress>();
  /** The run has ended. */
  isFinished = false;
  /** What the last look waits for, when every node has ended. */
  proofWaitsFor: string | undefined;

  constructor({ phases, nodes }: Plan) {
    const byPhase = Map.groupBy(nodes.filter(isWork), ({ phase }) => phase);
    for (const phase of phases) {
      const own = byPhase.get(phase);
      if (own !== undefined) this.#phases.set(phase, new PhaseProgress(phase, own));
    }
  }

  /** Every node has ended. */
  get isDone(): boolean {
    return this.phases().every(({ endedAtMs }) => endedAtMs !== undefined);
  }

  phases(): readonly PhaseProgress[] {
    return [...this.#phases.values()];
  }

  on(event: RunEvent, nowMs: number): void {
    if (event.event === 'run-finished') this.isFinished = true;
    if (!('node' in event)) return;
    const { node } = event;
    const state = this.#phases.get(node.phase);
    if (event.event === 'node-waiting' && this.isDone) {
      this.proofWaitsFor = `${node.host} ${node.address} ${waitingText(event)}`;
    }
    if (event.event === 'node-started') state?.start(node, event.summary, nowMs);
    if (event.event === 'node-progress') state?.say(node, event.line);
    if (event.event === 'node-retried') state?.say(node, `try ${event.attempt}: ${event.why}`);
    if (event.event === 'node-waiting') state?.say(node, waitingText(event));
    if (event.event === 'node-finished') state?.finish(node, event.result, nowMs);
  }
}

/** How far a phase is, on all hosts together. */
export class PhaseProgress {
  readonly phase: string;
  /** How many of its nodes have not ended, by host. */
  readonly open = new Map<string, number>();
  readonly activities = new Map<string, Activity>();
  readonly failures: { readonly node: NodeRef; readonly failure: Failure }[] = [];
  skipped = 0;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
  readonly #unfinished: Set<string>;

  constructor(phase: string, nodes: readonly PlanNode[]) {
    this.phase = phase;
    this.#unfinished = new Set(nodes.map(({ id }) => id));
    for (const { host } of nodes) this.open.set(host, (this.open.get(host) ?? 0) + 1);
  }

  start(node: NodeRef, doing: string, nowMs: number): void {
    this.startedAtMs ??= nowMs;
    this.activities.set(node.id, { node, startedAtMs: nowMs, doing });
  }

  say({ id }: NodeRef, doing: string): void {
    const activity = this.activities.get(id);
    if (activity !== undefined) this.activities.set(id, { ...activity, doing });
  }

  finish(node: NodeRef, result: NodeResult, nowMs: number): void {
    if (!this.#unfinished.delete(node.id)) return;
    this.activities.delete(node.id);
    this.open.set(node.host, (this.open.get(node.host) ?? 1) - 1);
    if (result.result === 'failed') this.failures.push({ node, failure: result.failure });
    if (result.result === 'skipped') this.skipped += 1;
    if (this.#unfinished.size === 0) this.endedAtMs = nowMs;
  }
}

const isWork = ({ outcome }: PlanNode): boolean =>
  outcome.answer === 'change' || outcome.answer === 'deferred';
