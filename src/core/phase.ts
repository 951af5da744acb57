import type { ArtifactRef } from './artifact.ts';
import type { Cluster, Host, HostKind } from './cluster.ts';
import type { PhaseRef, Resource } from './resource.ts';
import type { SecretSource } from './secret.ts';

/**
 * A slice of the way to a cluster: a name a person can pass to `--only`, and the tables of resources that make
 * it true on one host.
 */
export interface Phase {
  readonly name: string;
  /** What it makes true, in one line of help. */
  readonly summary: string;
  /** Whose it is: the hosts that leave the cluster, or all; absent: those that stay. */
  readonly hosts?: 'leaving' | 'all';
  /** Phases that must be done first; on the same host where only a name is given. A host may be CLUSTER. */
  readonly needs: (context: PhaseContext) => readonly (string | PhaseRef)[];
  /** What all hosts of a kind have in common: made once for each kind. In the order they are made true. */
  readonly common?: (context: KindContext) => readonly Resource[];
  /** All resources of one host, those in `common` included; absent: just those. */
  readonly resources?: (context: PhaseContext, common: readonly Resource[]) => readonly PhaseResource[];
  /** What is made true once for the cluster, through whichever control plane it answers. */
  readonly forCluster?: (context: ClusterContext) => readonly Resource[];
  /** What is done once for several hosts. */
  readonly together?: (context: ClusterContext) => readonly Together[];
  /** Files the controller fetches and checks before anything is planned. */
  readonly artifacts?: (cluster: Cluster) => readonly ArtifactRef[];
  /** Secrets that steps of this phase refer to. */
  readonly secrets?: (cluster: Cluster) => readonly SecretSource[];
}

/** A resource that stands once before or after a phase, for several hosts. Its records are kept through the CLUSTER. */
export interface Together {
  /**
   * `before`: done as soon as the first of them comes to the phase, and none of them begins with it before that. `after`: done
   * when all of them have ended it, and nothing waits for that.
   */
  readonly place: 'before' | 'after';
  /** Names of the hosts. */
  readonly hosts: readonly string[];
  readonly resource: Resource;
}

export interface ClusterContext {
  readonly cluster: Cluster;
  /** Text of files the controller has fetched and checked, by location; absent in a plan made offline. */
  readonly artifacts: ReadonlyMap<string, string>;
}

export interface KindContext extends ClusterContext {
  /** The kind of host; which one it is does not matter. */
  readonly host: HostKind;
}

export interface PhaseContext extends KindContext {
  readonly host: Host;
  /** Whether it is the host that CLUSTER stands for. */
  readonly isClusterHost: boolean;
}

/** A resource, or one about this host whose steps run on another, or on the CLUSTER. */
export type PhaseResource =
  | Resource
  | {
      readonly resource: Resource;
      readonly runsOn: string;
      /** It is done also where the host that it is about cannot be reached. */
      readonly isWithoutHost?: true;
    };
