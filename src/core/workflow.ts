import type { Cluster, Host } from './cluster.ts';
import type { Fact } from './fact.ts';
import type { Json } from './json.ts';
import type { Phase } from './phase.ts';

/** A way from one state of a cluster to another: what a command plans and applies. */
export interface Workflow {
  /** `apply`. */
  readonly name: string;
  /** What it makes of the cluster, in one line of help. */
  readonly summary: string;
  /** In their order: each stands after those it needs. */
  readonly phases: readonly Phase[];
  /** Whether it destroys what cannot be restored. */
  readonly isDestructive: boolean;
  /** In which hosts are worked through, where that is not the inventory's order: in a phase, one can wait for those before it. */
  readonly order?: (hosts: readonly Host[]) => readonly Host[];
  readonly speaker: Speaker;
}

/** How a control plane is found through which the cluster answers: what CLUSTER stands for. */
export interface Speaker {
  /** Names of hosts, the preferred one first; at least one. */
  readonly candidates: (cluster: Cluster) => readonly string[];
  /** Tells whether the cluster answers through the host that is asked. */
  readonly fact: Fact;
  readonly isAnswering: (answer: Json) => boolean;
}
