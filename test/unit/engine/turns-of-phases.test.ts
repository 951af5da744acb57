import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import type { GraphNode } from '#core/graph.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { applyWorkflow } from '#workflows/apply.ts';

const text = `
kubernetes: {version: 1.34.9, controlPlaneEndpoint: 10.0.0.9:6443}
network: {plugin: none}
upgrade: {drain: DRAIN}
hosts:
  - {name: cp1, address: 10.0.0.1, role: control-plane}
  - {name: cp2, address: 10.0.0.2, role: control-plane}
  - {name: w1, address: 10.0.0.3, gpu: true}
  - {name: w2, address: 10.0.0.4, gpu: true}
`;

/** If every daemon were restarted on every host: the order in which turns are taken. */
const ORDER = ['w1', 'w2', 'cp2', 'cp1'];
/** The order in which nodes are upgraded. */
const UPGRADE_ORDER = ['cp1', 'cp2', 'w1', 'w2'];

it.each(['{}', '{runtimes: {containerd: always}, nvidia: always}'])(
  'no turn waits for what waits for it, whatever is restarted, with drains %s',
  async (drain) => {
    const { cluster } = await parseInventory(text.replace('DRAIN', drain), {
      path: 'inventory.yaml',
      directory: '/',
      home: '/',
      env: {},
      readFile: (path) => readFile(path, 'utf8'),
    });
    const { nodes } = buildGraph({ cluster, workflow: applyWorkflow, artifacts: new Map() });
    const daemons = new Set(nodes.flatMap(({ resource }) => resource.daemon?.name ?? []));
    expect([...daemons]).toEqual(['containerd', 'control plane', 'upgrade', 'kubelet']);
    const needs = new Map(nodes.map(({ id, needs: own }) => [id, [...own]]));
    for (const daemon of daemons) {
      const of = (host: string): readonly GraphNode[] =>
        nodes.filter((node) => node.host === host && node.resource.daemon?.name === daemon);
      const order = daemon === 'upgrade' ? UPGRADE_ORDER : ORDER;
      for (const [index, host] of order.entries()) {
        const before = order.slice(0, index).flatMap(of);
        needs.get(of(host)[0]?.id ?? '')?.push(...before.map(({ id }) => id));
      }
    }
    const done = new Set<string>();
    const visit = (id: string, path: readonly string[]): void => {
      expect(path, 'waits for itself').not.toContain(id);
      if (done.has(id)) return;
      for (const need of needs.get(id) ?? []) visit(need, [...path, id]);
      done.add(id);
    };
    for (const { id } of nodes) visit(id, []);
    expect(done.size).toBe(nodes.length);
  },
);
