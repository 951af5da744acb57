import { expect, test } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import { none, resource } from '#core/resource.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { workflowOf } from '../../support/graph-node.ts';
import { parse } from '../inventory/inventory-fixture.ts';

test('hosts of a kind share what they have in common', async () => {
  const { nodes } = await graphOf(3);
  const [one, other] = ['w1', 'w2'].map((name) =>
    nodes.filter(({ host, phase }) => host === name && phase === 'kernel').map((node) => node.resource),
  );
  expect(one?.length).toBeGreaterThan(0);
  expect(other?.every((shared, index) => shared === one?.[index])).toBe(true);
});

test('hosts of a kind share their questions, but for those that name the host', async () => {
  const { nodes } = await graphOf(3);
  const factsOn = (name: string) =>
    nodes.flatMap(({ host, phase, address, facts }) =>
      host === name ? [{ question: `${phase}/${address.replace(name, 'HOST')}`, facts }] : [],
    );
  const [one, other] = [factsOn('w1'), factsOn('w2')];
  const own = one.flatMap(({ question, facts }, index) => (facts === other[index]?.facts ? [] : [question]));
  expect(one.length).toBeGreaterThan(own.length);
  expect(own).toMatchInlineSnapshot(`
    [
      "preflight/check:NodeIP",
      "preflight/check:Hostname",
      "upgrade/kubeadm-upgrade",
      "upgrade/drain:HOST",
      "upgrade/kubelet-version",
      "upgrade/uncordon:HOST",
      "join/stale-node:HOST",
      "join/kubeadm-join",
      "kubelet/file:/var/lib/kubelet/kubeadm-flags.env",
      "nodes/node-labels:HOST",
      "nodes/node-taints:HOST",
      "nodes/gpu-node:HOST",
      "verify/node-ready:HOST",
      "verify/network-pods:HOST",
      "verify/gpu-allocatable:HOST",
    ]
  `);
});

test('ten times the hosts are looked at ten times as often', async () => {
  const [few, many] = [await graphOf(20), await graphOf(200)];
  expect(many.reads).toBeLessThanOrEqual(11 * few.reads);
});

test('a restart that no resource of the host can bring is a bug that is told', () => {
  const cluster = { hosts: [{ name: 'a' }], leaving: [] } as unknown as Cluster;
  const phase: Phase = {
    name: 'runtime',
    summary: '',
    needs: () => [],
    resources: () => [
      resource({ address: 'unit:x', facts: {}, restartOn: ['file:/etc/mistyped'], diff: () => none('') }),
    ],
  };
  expect(() => buildGraph({ cluster, workflow: workflowOf(phase), artifacts: new Map() })).toThrow(
    'a/runtime/unit:x: restartOn names file:/etc/mistyped, which a has not',
  );
});

/** The graph of a cluster whose control plane comes last, and how often it looked into the list of hosts. */
async function graphOf(workers: number) {
  const { cluster } = await parse(`
kubernetes: {version: 1.34.9, kubeProxy: {mode: ipvs}}
network: {plugin: calico}
gpu: {}
hosts:
  - {name: "w[1:${workers}]"}
  - {name: cp1, role: control-plane}
`);
  let reads = 0;
  const hosts = new Proxy<readonly Host[]>(cluster.hosts, {
    get: (target, key) => {
      reads += 1;
      return Reflect.get(target, key) as unknown;
    },
  });
  const graph = buildGraph({
    cluster: { ...cluster, hosts },
    workflow: applyWorkflow,
    artifacts: new Map(),
  });
  return { ...graph, reads };
}
