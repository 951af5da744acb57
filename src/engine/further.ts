import type { Fact, Facts, HostAnswers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Json } from '#core/json.ts';
import type { Further } from '#core/resource.ts';

import { mergeAnswers } from './observe.ts';

/** A node some of whose facts are asked only where the answers to the others say so. */
export type FurtherNode = Pick<GraphNode, 'runsOn' | 'facts'> & {
  readonly resource: { readonly further: Further<never> };
};

export const hasFurther = <Node extends GraphNode>(node: Node): node is Node & FurtherNode =>
  node.resource.further !== undefined;

/** The node with what it is asked first. */
export function askedFirst(node: GraphNode): Pick<GraphNode, 'runsOn' | 'facts'> {
  if (!hasFurther(node)) return node;
  const later = new Set<string>(node.resource.further.names);
  return {
    runsOn: node.runsOn,
    facts: Object.fromEntries(Object.entries(node.facts).filter(([name]) => !later.has(name))),
  };
}

/**
 * What nodes of one host want to know further, now that it has answered what they were asked first; and all further
 * answers as they are where nobody wants to know.
 */
export function furtherOf(
  nodes: readonly FurtherNode[],
  answers: HostAnswers,
): { readonly facts: readonly Fact[]; readonly unasked: HostAnswers } {
  const facts: Fact[] = [];
  const unasked: Record<string, Record<string, Json>> = {};
  for (const node of nodes) {
    const { names, isNeeded } = node.resource.further;
    const further = names.map((name) => node.facts[name]!);
    for (const { family, key, question } of further) {
      unasked[family.name] = { ...unasked[family.name], [key]: family.bare(question as never) };
    }
    if (isNeeded(answered(node.facts, answers) as never)) facts.push(...further);
  }
  return { facts, unasked };
}

/** The answers as they are, and those that were asked for further. */
export const withFurther = (first: HostAnswers, unasked: HostAnswers, more: HostAnswers): HostAnswers =>
  [first, more].reduce(mergeAnswers, unasked);

/** What is known of a node's own host, by the names of its facts. */
function answered(facts: Facts, answers: HostAnswers): Readonly<Record<string, Json>> {
  const given: Record<string, Json> = {};
  for (const name in facts) {
    const { family, key, host } = facts[name]!;
    const answer = host === undefined ? answers[family.name]?.[key] : undefined;
    if (answer !== undefined) given[name] = answer;
  }
  return given;
}
