import type { NodeRef } from '#core/event.ts';
import type { PlanNode } from '#core/plan.ts';

import { refOf } from './take-steps.ts';

/**
 * The chain of nodes, each of which needs the one before, that took longest. A run takes at least as long,
 * however many hosts are worked on at once; what it takes beyond that is waiting for something else.
 *
 * @param nodes in an order in which each stands behind what it needs.
 * @param elapsedMs by id; what was right already is not in it.
 */
export function criticalPath(
  nodes: readonly PlanNode[],
  elapsedMs: ReadonlyMap<string, number>,
): readonly { readonly node: NodeRef; readonly elapsedMs: number }[] {
  const ends = new Map<string, { readonly totalMs: number; readonly before: string | undefined }>();
  const totalOf = (id: string | undefined): number => (id && ends.get(id)?.totalMs) || 0;
  const longest = (ids: readonly string[]): string | undefined =>
    ids.reduce<string | undefined>((best, id) => (totalOf(id) > totalOf(best) ? id : best), undefined);
  for (const { id, needs } of nodes) {
    const before = longest(needs);
    ends.set(id, { totalMs: totalOf(before) + (elapsedMs.get(id) ?? 0), before });
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const path = [];
  for (let id = longest([...ends.keys()]); id !== undefined; id = ends.get(id)?.before) {
    const node = byId.get(id);
    const took = elapsedMs.get(id);
    if (node !== undefined && took !== undefined) path.unshift({ node: refOf(node), elapsedMs: took });
  }
  return path;
}
