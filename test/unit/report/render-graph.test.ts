import { describe, expect, test } from 'vitest';

import type { Graph, GraphNode } from '#core/graph.ts';
import { none, resource } from '#core/resource.ts';
import { renderGraph, renderPlanGraph } from '#report/render-graph.ts';

import { graphNode } from '../../support/graph-node.ts';
import { file, nodesOf, planOf, threeHosts } from './plan/fixture-plan.ts';

const node = (host: string, phase: string, address: string, needs: readonly string[] = []): GraphNode =>
  graphNode(resource({ address, facts: {}, diff: () => none('') }), {
    host,
    phase,
    runsOn: address.startsWith('label') ? 'cp1' : host,
    needs,
  });

const graph: Graph = {
  phases: ['swap', 'kernel', 'nodes'],
  nodes: [
    node('cp1', 'swap', 'file:/etc/fstab'),
    node('cp1', 'kernel', 'sysctl:"odd" <#1>', ['cp1/swap/file:/etc/fstab']),
    node('gpu-01', 'swap', 'file:/etc/fstab'),
    node('gpu-01', 'nodes', 'label:gpu\\x', ['gpu-01/swap/file:/etc/fstab', 'cp9/join/kubeadm-join']),
  ],
  clusterHost: 'cp1',
  controlPlanes: ['cp1'],
  secrets: [],
};

describe('graph', () => {
  test('as Mermaid reads as its golden', async () => {
    await expect(renderGraph(graph, 'mermaid')).toMatchFileSnapshot('__snapshots__/graph.mmd');
  });

  test('as DOT reads as its golden', async () => {
    await expect(renderGraph(graph, 'dot')).toMatchFileSnapshot('__snapshots__/graph.dot');
  });

  test('has no edge to what a selection left out', () => {
    expect(renderGraph(graph, 'mermaid')).not.toContain('cp9');
    expect(renderGraph(graph, 'dot')).not.toContain('cp9');
  });
});

describe('plan', () => {
  test.each([
    ['mermaid', 'mmd'],
    ['dot', 'dot'],
  ] as const)('as %s reads as its golden', async (notation, ending) => {
    const text = renderPlanGraph(threeHosts(), notation);
    await expect(text).toMatchFileSnapshot(`__snapshots__/plan.${ending}`);
  });

  test.each(['mermaid', 'dot'] as const)('as %s keeps a hostile name in its quotes', (notation) => {
    const name = 'a"]\nend\nb --> c; "<b>"';
    const plan = { ...planOf([{ name }], nodesOf(name, [['kernel', 'x', file('/x', 'x')]])), cluster: name };
    const lines = renderPlanGraph(plan, notation).split('\n');
    expect(lines).not.toContain('end');
    expect(lines.filter((line) => line.trim().startsWith('b'))).toEqual([]);
    expect(lines.filter((line) => /-->|->/.test(line.replaceAll(/"(\\.|[^"\\])*"|accTitle.*/g, '')))).toEqual(
      [],
    );
  });
});
