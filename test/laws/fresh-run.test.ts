import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import type { Change } from '#core/resource.ts';
import { breachOf } from '#engine/breach.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { decide } from '#engine/decide.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { openSlipway } from '#slipway.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { FreshRun } from './fresh-run.ts';

const docs = new URL('../../docs/', import.meta.url);

/** The example, and the complete inventories of all pages. */
const INVENTORIES = [
  { name: 'inventory.yaml', text: readFileSync(new URL('../../inventory.yaml', import.meta.url), 'utf8') },
  ...readdirSync(docs).flatMap((page) => {
    if (!page.endsWith('.md')) return [];
    const text = readFileSync(new URL(page, docs), 'utf8');
    return [...text.matchAll(/^```yaml\n(# inventory\.yaml\n[\s\S]*?)^```$/gm)].map(
      ([, inventory = ''], index) => ({
        name: `docs/${page}, ${index + 1}`,
        text: inventory,
      }),
    );
  }),
];

/** What the model does not know: how containerd reads its file, whether a driver is loaded, and names of interfaces. */
const UNANSWERED = /^(containerd-effective$|gpu-allocatable:|file:\/etc\/keepalived\/)/;

const isDemanding = ({ steps }: Change): boolean => steps.some(({ onlyIf }) => onlyIf === undefined);

async function clusterOf(text: string): Promise<Cluster> {
  const { cluster } = await parseInventory(text, {
    path: 'inventory.yaml',
    directory: '/nonexistent',
    home: '/nonexistent',
    env: { HOME: '/root', REGISTRY_PASSWORD: 'x' },
    readFile: () => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' })),
  });
  return cluster;
}

/** One of them names a file of the controller's. */
const OF_HOSTS = INVENTORIES.filter(({ text }) => !text.includes('.ssh/config'));

describe('a run on bare hosts does what its plan has foretold, by the inventory of', () => {
  it.each(OF_HOSTS)('$name', async ({ text }) => {
    const cluster = await clusterOf(text);
    const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent' });
    const plan = await slipway.offlinePlan();
    const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts: new Map() });
    const run = new FreshRun(cluster, graph.clusterHost, plan.facts);
    const context = { changed: [], ignoredChecks: cluster.ignoredChecks, clusterHost: graph.clusterHost };
    const planned = new Map(plan.nodes.map(({ id, outcome }) => [id, outcome]));
    const foretold: string[] = [];
    const breaches: string[] = [];
    for (const node of graph.nodes) {
      const outcome = planned.get(node.id);
      if (outcome?.answer === 'change') run.make(node, outcome);
      if (outcome?.answer !== 'deferred') continue;
      const now = decide(node, run.answers, context);
      const { forecast } = outcome;
      if (forecast !== undefined && (now.answer === 'change' || now.answer === 'none')) {
        const breach = breachOf(forecast, now);
        const isIdle = forecast.answer === 'change' && isDemanding(forecast) && now.answer === 'none';
        if (isIdle) breaches.push(`${node.id}: nothing is done`);
        else if (breach === undefined) foretold.push(node.id);
        else breaches.push(`${node.id}: ${breach}`);
      } else if (!UNANSWERED.test(node.address))
        breaches.push(`${node.id}: ${now.answer}, ${'why' in now ? now.why : ''}`);
      if (now.answer === 'change') run.make(node, now);
    }
    expect(breaches).toEqual([]);
    expect(foretold.length).toBeGreaterThan(10);
  });
});
