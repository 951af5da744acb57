import type { Failure, NodeRef, NodeResult, RunEvent } from '#core/event.ts';
import type { Plan, PlanNode } from '#core/plan.ts';

/** What a node is at. */
export interface Activity {
  readonly node: NodeRef;
  readonly startedAtMs: number;
  /** The step, then the last line it printed or the retry it waits for. */
  readonly doing: string;
}

/** How far a phase is, on all hosts together. */
export interface PhaseProgress {
  readonly phase: string;
  readonly hosts: number;
  /** Nothing of the phase is open on these, whatever it came to. */
  readonly hostsDone: number;
  readonly changed: number;
  readonly activities: readonly Activity[];
  readonly failures: readonly { readonly node: NodeRef; readonly failure: Failure }[];
  readonly skipped: number;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
}

interface PhaseState {
  /** How many nodes are still open, by host. */
  readonly open: Map<string, number>;
  readonly activities: Map<string, Activity>;
  readonly failures: { readonly node: NodeRef; readonly failure: Failure }[];
  changed: number;
  skipped: number;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
}

/**
 * Where a run is, from its plan and its events alone.
 *
 * What follows from a failure is worked out here, as no event tells that a node will never start.
 */
export class LiveProgress {
  readonly #phases = new Map<string, PhaseState>();
  readonly #dependents = new Map<string, PlanNode[]>();
  readonly #open = new Set<string>();
  #isFinished = false;

  constructor(plan: Plan) {
    for (const phase of plan.phases) {
      const own = plan.nodes.filter((node) => node.phase === phase && isWork(node));
      if (own.length > 0) this.#phases.set(phase, phaseState(own));
    }
    for (const node of plan.nodes) {
      if (isWork(node)) this.#open.add(node.id);
      for (const need of node.needs) this.#dependentsOf(need).push(node);
    }
    this.#skipUnreachable(plan);
  }

  /** Nothing is open any more. */
  get isDone(): boolean {
    return this.#open.size === 0;
  }

  /** The run has said what it came to. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  on(event: RunEvent, nowMs: number): void {
    if (event.event === 'node-started') this.#start(event.node, event.summary, nowMs);
    if (event.event === 'node-progress') this.#say(event.node, event.line);
    if (event.event === 'node-retried') this.#say(event.node, `try ${event.attempt}: ${event.why}`);
    if (event.event === 'node-finished') this.#finish(event.node, event.result, nowMs);
    if (event.event !== 'run-finished') return;
    this.#isFinished = true;
    for (const { node } of event.report.skipped) this.#close(node, nowMs, 'skipped');
  }

  phases(): readonly PhaseProgress[] {
    return [...this.#phases].map(([phase, state]) => ({
      phase,
      hosts: state.open.size,
      hostsDone: [...state.open.values()].filter((count) => count === 0).length,
      changed: state.changed,
      activities: [...state.activities.values()],
      failures: state.failures,
      skipped: state.skipped,
      startedAtMs: state.startedAtMs,
      endedAtMs: state.endedAtMs,
    }));
  }

  #start(node: NodeRef, summary: string, nowMs: number): void {
    const state = this.#phases.get(node.phase);
    if (state === undefined) return;
    state.startedAtMs ??= nowMs;
    state.activities.set(node.id, { node, startedAtMs: nowMs, doing: summary });
  }

  #say(node: NodeRef, doing: string): void {
    const state = this.#phases.get(node.phase);
    const activity = state?.activities.get(node.id);
    if (activity !== undefined) state?.activities.set(node.id, { ...activity, doing });
  }

  #finish(node: NodeRef, result: NodeResult, nowMs: number): void {
    const state = this.#phases.get(node.phase);
    if (state === undefined) return;
    state.activities.delete(node.id);
    if (result.result === 'changed') state.changed += 1;
    if (result.result === 'failed') state.failures.push({ node, failure: result.failure });
    this.#close(node, nowMs, result.result === 'skipped' ? 'skipped' : 'done');
    if (result.result === 'failed' || result.result === 'skipped') this.#skipDependents(node.id, nowMs);
  }

  #close({ id, host, phase }: NodeRef, nowMs: number, how: 'done' | 'skipped'): void {
    const state = this.#phases.get(phase);
    if (state === undefined || !this.#open.delete(id)) return;
    state.open.set(host, (state.open.get(host) ?? 1) - 1);
    if (how === 'skipped') state.skipped += 1;
    if ([...state.open.values()].every((count) => count === 0)) state.endedAtMs = nowMs;
  }

  #skipDependents(id: string, nowMs: number): void {
    const pending = [id];
    const seen = new Set(pending);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const node of this.#dependents.get(next) ?? []) {
        if (seen.has(node.id)) continue;
        seen.add(node.id);
        pending.push(node.id);
        this.#close(node, nowMs, 'skipped');
      }
    }
  }

  #skipUnreachable({ nodes, hosts }: Plan): void {
    const known = new Set(nodes.map(({ id }) => id));
    const away = new Set(hosts.flatMap(({ name, unreachable }) => (unreachable === undefined ? [] : [name])));
    const missing = nodes.flatMap(({ needs }) => needs.filter((need) => !known.has(need)));
    for (const need of new Set(missing)) {
      if (away.has(need.slice(0, need.indexOf('/')))) this.#skipDependents(need, 0);
    }
  }

  #dependentsOf(id: string): PlanNode[] {
    const found = this.#dependents.get(id) ?? [];
    this.#dependents.set(id, found);
    return found;
  }
}

const isWork = ({ outcome }: PlanNode): boolean =>
  outcome.answer === 'change' || outcome.answer === 'deferred';

function phaseState(nodes: readonly PlanNode[]): PhaseState {
  const open = new Map<string, number>();
  for (const { host } of nodes) open.set(host, (open.get(host) ?? 0) + 1);
  return {
    open,
    activities: new Map(),
    failures: [],
    changed: 0,
    skipped: 0,
    startedAtMs: undefined,
    endedAtMs: undefined,
  };
}
