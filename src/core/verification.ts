import type { Settle } from './resource.ts';
import type { Script } from './shell.ts';

/**
 * Something that works or does not: a name, a program that tries it on a control plane, and `judge`, which says what
 * the program's output means. Unlike a resource it may create objects, so it has no place in a plan. It is no `Action`
 * either: a failed step ends an action, but a failed program here is an answer, which is judged, tried again for a
 * while, and explained.
 */
export interface ClusterCheck {
  /** What it is ignored by: `PodDNS`. */
  readonly name: string;
  /** What holds when it passes, in one line. */
  readonly summary: string;
  /** Names of checks that must pass first: where one fails, this one would only fail of the same. */
  readonly needs?: readonly string[];
  /** True where it works with objects in a namespace that is there for the verification alone. */
  readonly isActive?: boolean;
  /** How long each of its programs may take. */
  readonly timeoutMs: number;
  /** For how long it is tried again after a failure, which may pass by itself; absent: not at all. */
  readonly settle?: Pick<Settle<CheckOutput>, 'timeoutMs' | 'hopeless' | 'watch'>;
  /** Run once, before `script`: makes what is tried. */
  readonly prepare?: Script;
  /** Run on a control plane, as root. It holds no secret. */
  readonly script: Script;
  readonly judge: (output: CheckOutput) => Verdict;
  /** Asked after a failure, for its reason. */
  readonly diagnosis?: Diagnosis;
}

export interface CheckOutput {
  /** Null when it was cut off. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Verdict =
  | { readonly holds: true; readonly saw: string }
  | { readonly holds: false; readonly why: string; readonly hint?: string };

export interface Diagnosis {
  readonly script: Script;
  /** Reasons as sentences, the likeliest first; none where everything looks well. */
  readonly read: (stdout: string) => readonly Reason[];
}

/** Why pods do not run: what stands in the way, where, and what may help. */
export interface Reason {
  /** `image pull`, `scheduling`, `sandbox`, `container`, `admission`, `readiness`. */
  readonly kind: string;
  readonly message: string;
  readonly hint?: string;
}

export interface CheckResult {
  readonly name: string;
  readonly summary: string;
  readonly status: 'passed' | 'failed' | 'skipped' | 'ignored';
  readonly elapsedMs: number;
  /** What was seen, or why it failed, or why it was not tried. */
  readonly message: string;
  readonly hint?: string;
  /** The last lines of the program of a check that failed. */
  readonly output?: string;
}

export const holds = (saw: string): Verdict => ({ holds: true, saw });

export const fails = (why: string, hint?: string): Verdict => ({
  holds: false,
  why,
  ...(hint !== undefined && { hint }),
});
