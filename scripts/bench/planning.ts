// What planning costs beside reading the answers it plans from, without any host:
//   node scripts/bench/planning.ts [HOSTS ...]
// The answers are those of freshly installed machines, so every resource has its steps to make: they are
// shorter to read, and dearer to plan from, than those of machines that are done.
import { createHash } from 'node:crypto';
import { argv } from 'node:process';

import type { Answers } from '#core/fact.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { factsByHost } from '#engine/observe.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { bareAnswers } from '#transport/probe.ts';
import { clusterWorkflow } from '#workflows/cluster-workflow.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const sizes = argv.length > 2 ? argv.slice(2).map(Number) : [500, 5000];
// The code is warm before anything is measured.
await costs(100);
for (const hosts of sizes) {
  const { nodes, megabytes, parseMs, graphMs, planMs, digest } = await costs(hosts);
  print(
    `${hosts} hosts x ${(nodes / hosts).toFixed(0)} resources, ${megabytes.toFixed(1)} MB of answers: ` +
      `JSON.parse ${parseMs.toFixed(0)} ms, graph ${(graphMs / parseMs).toFixed(1)} x, plan ${(planMs / parseMs).toFixed(1)} x, ` +
      `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB at most, plan ${digest}`,
  );
}

async function costs(hosts: number) {
  const inventory = {
    kubernetes: { version: '1.34.9', controlPlaneEndpoint: 'api.example.com:6443' },
    network: { plugin: 'none' },
    defaults: { user: 'root' },
    hosts: Array.from({ length: hosts }, (_, index) => ({
      name: `n${index + 1}`,
      address: `10.20.${index >> 8}.${index & 255}`,
      role: index === 0 ? 'control-plane' : 'worker',
    })),
  };
  const options = { path: 'inventory.yaml', directory: '/', env: {}, secrets: 'skip' } as const;
  const { cluster } = await parseInventory(JSON.stringify(inventory), options);
  const workflow = clusterWorkflow;
  const [graphMs, graph] = timed(() => buildGraph({ cluster, workflow, artifacts: new Map() }));
  const asked = factsByHost(graph.nodes);
  const text = JSON.stringify(
    Object.fromEntries([...asked].map(([host, facts]) => [host, bareAnswers(facts)])),
  );
  const [parseMs, answers] = timed(() => JSON.parse(text) as Answers);
  const [planMs, plan] = timed(() =>
    makePlan({
      cluster: cluster.name,
      kubernetes: cluster.kubernetes.version,
      ignoredChecks: [],
      graph,
      answers,
      hosts: cluster.hosts.map(({ name }) => ({ name })),
    }),
  );
  const digest = createHash('sha256').update(JSON.stringify(plan.nodes)).digest('hex').slice(0, 16);
  return { nodes: graph.nodes.length, megabytes: text.length / 1e6, parseMs, graphMs, planMs, digest };
}

function timed<Value>(work: () => Value): readonly [number, Value] {
  const startedAt = performance.now();
  const value = work();
  return [performance.now() - startedAt, value];
}
