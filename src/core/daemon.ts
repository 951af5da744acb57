import type { Pause } from './cluster.ts';
import type { Resource } from './resource.ts';

/**
 * A daemon that other work on the host depends on. Where it is restarted on several hosts, they take turns, and a host
 * on which it does not come up again gets back what it had before.
 */
export interface Daemon {
  /** `containerd`. */
  readonly name: string;
  /** Gives the daemon its former files back, where there are any, and restarts it on them; absent: there is no way back. */
  readonly recovery?: Resource;
  /** Absent: workers go first, a tenth of them at a time, and control planes last. */
  readonly order?: TurnOrder;
}

export interface TurnOrder {
  /**
   * `control-planes`: one by one, the first of the inventory before the others, and then workers. `workers`: one of them
   * alone, then the others, and then control planes.
   */
  readonly first: 'control-planes' | 'workers';
  /** How many workers have a turn at the same time. */
  readonly workersAtOnce: number;
  /** Names of workers that come before those that stand after them or nowhere; no two lists share a turn. */
  readonly stages: readonly (readonly string[])[];
  /** Where the run ends, if there is more to do. */
  readonly pauses: readonly Pause[];
}
