import type { Facts } from './fact.ts';
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
  /** It is done also where the host that it is about cannot be reached. */
  readonly isWithoutHost?: true;
  readonly phase: string;
  /** The resource's; unique on its host. */
  readonly address: string;
  readonly resource: Resource;
  /** The resource's, with a host in the place of CLUSTER. */
  readonly facts: Facts;
  /** Ids of the nodes that must be done first. */
  readonly needs: readonly string[];
  /** And all nodes of one of these lists, whichever is done first. */
  readonly needsOneOf?: readonly (readonly string[])[];
}

/** What is to be made true, in an order that respects every need. */
export interface Graph {
  /** Names, in the order of the workflow. */
  readonly phases: readonly string[];
  /** Each node stands after all that it needs. */
  readonly nodes: readonly GraphNode[];
  /** The control plane that CLUSTER stands for. */
  readonly clusterHost: string;
  /** Names of all control planes. */
  readonly controlPlanes: readonly string[];
  readonly secrets: readonly SecretSource[];
}
