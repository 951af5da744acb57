import { readFileSync } from 'node:fs';

import type { Answers } from '#core/fact.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { factsByHost } from '#engine/observe.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase } from '../bench/planning-case.ts';
import type { Hosts } from './judge-host-file.ts';

/** Hosts that are done, with containerd, and fresh ones that are to have Docker or CRI-O. */
export async function fuzzedHosts(): Promise<Readonly<Record<'containerd' | 'docker' | 'crio', Hosts>>> {
  const { cluster, artifacts, text } = await planningCase(2, 'done');
  const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts });
  const fresh = async (runtime: string): Promise<Hosts> => {
    const wanted = await parseInventory(withRuntime(runtime), OPTIONS);
    const own = buildGraph({ cluster: wanted.cluster, workflow: applyWorkflow, artifacts });
    const bare = [...factsByHost(own.nodes)].map(([host, facts]) => [host, bareAnswers(facts)] as const);
    return { graph: own, answers: Object.fromEntries(bare) };
  };
  return {
    containerd: { graph, answers: JSON.parse(text) as Answers },
    docker: await fresh('docker'),
    crio: await fresh('cri-o'),
  };
}

const OPTIONS = {
  path: 'inventory.yaml',
  directory: '/',
  env: { HOME: '/root' },
  secrets: 'skip',
} as const;

const withRuntime = (runtime: string): string =>
  readFileSync(new URL('../bench/recorded/inventory.yaml', import.meta.url), 'utf8')
    .replace(/runtime:\n[^]*?\nnetwork:/, `runtime:\n  type: ${runtime}\nnetwork:`)
    .replace(/registries:[^]*/, "registries: {docker.io: {mirrors: [{url: 'https://mirror.lan'}]}}\n");
