import { readFileSync } from 'node:fs';

import type { Answers } from '#core/fact.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { factsByHost } from '#engine/observe.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase } from '../bench/planning-case.ts';
import type { Hosts } from './judge-host-file.ts';

/** Hosts that are done, with containerd, and fresh ones that are to have Docker. */
export async function fuzzedHosts(): Promise<Readonly<Record<'containerd' | 'docker', Hosts>>> {
  const { cluster, artifacts, text } = await planningCase(2, 'done');
  const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts });
  const recorded = readFileSync(new URL('../bench/recorded/inventory.yaml', import.meta.url), 'utf8');
  const withDocker = recorded
    .replace(/runtime:\n[^]*?\nnetwork:/, 'runtime:\n  type: docker\nnetwork:')
    .replace(/registries:[^]*/, "registries: {docker.io: {mirrors: [{url: 'https://mirror.lan'}]}}\n");
  const options = {
    path: 'inventory.yaml',
    directory: '/',
    env: { HOME: '/root' },
    secrets: 'skip',
  } as const;
  const docker = await parseInventory(withDocker, options);
  const dockerGraph = buildGraph({ cluster: docker.cluster, workflow: applyWorkflow, artifacts });
  const bare = [...factsByHost(dockerGraph.nodes)].map(
    ([host, facts]) => [host, bareAnswers(facts)] as const,
  );
  return {
    containerd: { graph, answers: JSON.parse(text) as Answers },
    docker: { graph: dockerGraph, answers: Object.fromEntries(bare) },
  };
}
