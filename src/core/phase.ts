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
  /** Phases that must be done first; on the same host where only a name is given. */
  readonly needs: (context: PhaseContext) => readonly (string | PhaseRef)[];
  /** What all hosts of a kind have in common: made once for each kind. In the order they are made true. */
  readonly common?: (context: KindContext) => readonly Resource[];
  /** All of one host's, what it has in common with others included; absent: just that. */
  readonly resources?: (context: PhaseContext, common: readonly Resource[]) => readonly PhaseResource[];
  /** Files the controller fetches and checks before anything is planned. */
  readonly artifacts?: (cluster: Cluster) => readonly ArtifactRef[];
  /** Secrets that steps of this phase refer to. */
  readonly secrets?: (cluster: Cluster) => readonly SecretSource[];
}

export interface KindContext {
  readonly cluster: Cluster;
  /** What it is like, and not which one it is. */
  readonly host: HostKind;
  /** Text of files the controller has fetched and checked, by location; absent in a plan made offline. */
  readonly artifacts: ReadonlyMap<string, string>;
}

export interface PhaseContext extends KindContext {
  readonly host: Host;
}

/** A resource, or one that concerns this host and is worked on from another. */
export type PhaseResource = Resource | { readonly resource: Resource; readonly runsOn: string };
