import { describe, expect, it } from 'vitest';

import type { PlanNode } from '#core/plan.ts';
import { criticalPath } from '#engine/critical-path.ts';

const node = (id: string, ...needs: readonly string[]): PlanNode =>
  ({ id, host: 'n1', phase: 'p', address: id, needs }) as unknown as PlanNode;

const idsOf = (
  nodes: readonly PlanNode[],
  times: Readonly<Record<string, number>>,
  behind: Readonly<Record<string, string>> = {},
): readonly string[] =>
  criticalPath(
    nodes,
    new Map(Object.entries(times).map(([id, elapsedMs]) => [id, { elapsedMs, behind: behind[id] }])),
  ).map((step) => step.node.id);

describe('the critical path', () => {
  const nodes = [node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c'), node('alone')];

  it('is the longest chain, not the longest node', () => {
    expect(idsOf(nodes, { a: 10, b: 1, c: 5, d: 10, alone: 20 })).toEqual(['a', 'c', 'd']);
    expect(idsOf(nodes, { a: 10, b: 6, c: 5, d: 10, alone: 20 })).toEqual(['a', 'b', 'd']);
    expect(idsOf(nodes, { a: 10, b: 1, c: 5, d: 10, alone: 26 })).toEqual(['alone']);
  });

  it('goes through what was right already, and leaves it out', () => {
    expect(idsOf(nodes, { a: 10, d: 5, alone: 12 })).toEqual(['a', 'd']);
    expect(idsOf(nodes, { d: 5, alone: 4 })).toEqual(['d']);
    expect(idsOf(nodes, {})).toEqual([]);
  });

  it('goes through what stood in line before a node, even where it stands behind it in the plan', () => {
    expect(idsOf(nodes, { a: 10, b: 1, c: 5, d: 10, alone: 20 }, { b: 'alone' })).toEqual([
      'alone',
      'b',
      'd',
    ]);
    expect(idsOf(nodes, { a: 10, b: 1, c: 5, d: 10, alone: 12 }, { alone: 'b' })).toEqual(['a', 'c', 'd']);
  });
});
