import type { Resource } from './resource.ts';
import type { SecretSource } from './secret.ts';

/** A resource in its place: of a host, in a phase, after others. */
export interface GraphNode {
  /** `host/phase/address`; unique. */
  readonly id: string;
  /** The host it is about. */
  readonly host: string;
  /** The host its steps run on and its facts are asked of; mostly the same. */
  readonly runsOn: string;
  readonly phase: string;
  readonly resource: Resource;
  /** Ids of the nodes that must be done first. */
  readonly needs: readonly string[];
}

/** What is to be made true, in an order that respects every need. */
export interface Graph {
  /** Names, in the order of the workflow. */
  readonly phases: readonly string[];
  /** Each node stands after all that it needs. */
  readonly nodes: readonly GraphNode[];
  readonly secrets: readonly SecretSource[];
}
