import type { Plan } from './plan.ts';
import type { Step } from './step.ts';

/** What happens in a run, as it happens. Reporters subscribe; nothing else does. No event holds a secret. */
export type RunEvent =
  /** A file is fetched to this machine; one that an earlier run has cached causes no event. */
  | { readonly event: 'fetching'; readonly location: string }
  | ({ readonly event: 'fetch-retried'; readonly location: string } & Retried)
  | { readonly event: 'fetched'; readonly location: string }
  | { readonly event: 'connecting'; readonly host: string }
  | ({ readonly event: 'connect-retried'; readonly host: string } & Retried)
  | { readonly event: 'connected'; readonly host: string }
  | { readonly event: 'observed'; readonly host: string }
  | { readonly event: 'unreachable'; readonly host: string; readonly why: string; readonly hint?: string }
  | { readonly event: 'run-started'; readonly plan: Plan }
  | { readonly event: 'node-started'; readonly node: NodeRef; readonly summary: string }
  /** These are sent to the host now; what is secret in them stands as a reference. */
  | { readonly event: 'node-steps'; readonly node: NodeRef; readonly steps: readonly Step[] }
  /** A line that a running step printed, or what it is waiting for. */
  | { readonly event: 'node-progress'; readonly node: NodeRef; readonly line: string }
  | ({ readonly event: 'node-retried'; readonly node: NodeRef } & Retried)
  /** Its steps are done, or it has none: the host is asked again until it is as wanted. */
  | {
      readonly event: 'node-waiting';
      readonly node: NodeRef;
      /** The values that are not as wanted yet. */
      readonly what: string;
      /** How long it may take in all. */
      readonly timeoutMs: number;
    }
  /** Every node of a run ends with one of these, also where it was right already or skipped. */
  | {
      readonly event: 'node-finished';
      readonly node: NodeRef;
      readonly result: NodeResult;
      readonly elapsedMs: number;
    }
  /** The run is to stop: what is under way comes to its end, and nothing else begins. */
  | { readonly event: 'interrupted' }
  | { readonly event: 'run-finished'; readonly report: RunReport };

/** That something is tried again, and when. */
export interface Retried {
  readonly why: string;
  readonly pauseMs: number;
  readonly attempt: number;
}

export interface NodeRef {
  readonly id: string;
  readonly host: string;
  readonly phase: string;
  readonly address: string;
}

export type NodeResult =
  | { readonly result: 'changed'; readonly restarts: readonly string[] }
  | { readonly result: 'unchanged'; readonly why: string }
  | { readonly result: 'failed'; readonly failure: Failure }
  | Skipped;

/** Not begun, and why. */
export interface Skipped {
  readonly result: 'skipped';
  readonly because: string;
  /** The node that it waited for, where that one failed or was skipped itself. */
  readonly waitedFor?: NodeRef;
  /** It is left to the next run, as the inventory wants. */
  readonly isPaused?: true;
}

/** What failed, on which host, why, and what to do. */
export interface Failure {
  readonly message: string;
  readonly hint?: string;
  /** The command, as it would be typed. */
  readonly command?: string;
  /** Its last lines of output. */
  readonly output?: string;
  /** What has become of the host: whether it has back what it had before, as a sentence without a full stop. */
  readonly recovery?: string;
}

export interface RunReport {
  readonly changed: number;
  readonly unchanged: number;
  readonly failed: readonly { readonly node: NodeRef; readonly failure: Failure }[];
  readonly skipped: readonly { readonly node: NodeRef; readonly because: string }[];
  /** What is left to the next run, as the inventory wants: no failure. */
  readonly paused: readonly { readonly node: NodeRef; readonly because: string }[];
  readonly unreachable: readonly { readonly host: string; readonly why: string; readonly hint?: string }[];
  /** What a fresh plan of the touched hosts still wants; empty when the run has converged. */
  readonly left: readonly { readonly node: NodeRef; readonly why: string }[];
  readonly restarts: readonly { readonly host: string; readonly unit: string }[];
  /** What is left to a person, now that it is done. */
  readonly afterwards: readonly { readonly host: string; readonly text: string }[];
  /** Names of secrets that could not be revoked; they expire by themselves. */
  readonly unrevoked: readonly string[];
  /** The longest chain of dependent work: the run could not have been shorter. */
  readonly criticalPath: readonly { readonly node: NodeRef; readonly elapsedMs: number }[];
  readonly elapsedMs: number;
}

export type Listener = (event: RunEvent) => void;
