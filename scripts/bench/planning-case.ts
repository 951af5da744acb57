import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

import type { Cluster } from '#core/cluster.ts';
import type { Answers, HostAnswers } from '#core/fact.ts';
import type { Json } from '#core/json.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { factsByHost } from '#engine/observe.ts';
import { answerOf, type ApiQuestion, type ApiReady, type ApiState } from '#facts/api.ts';
import type { OsAnswer } from '#facts/os.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

/** Freshly installed machines, where all is to be done, or a cluster that is done. */
export type State = 'fresh' | 'done';

export interface PlanningCase {
  readonly cluster: Cluster;
  readonly artifacts: ReadonlyMap<string, string>;
  /** JSON of the answers. */
  readonly text: string;
}

/**
 * A cluster of the recorded control plane, and of as many of the recorded GPU host as make up the number. What was
 * recorded is in recorded/, as record.ts writes it.
 */
export async function planningCase(hosts: number, state: State): Promise<PlanningCase> {
  const workers = Array.from({ length: hosts - 1 }, (_, index) => `w${index + 1}`);
  const { cluster } = await parseInventory(await inventoryOf(workers), OPTIONS);
  const key = await recorded('key.asc');
  const { kubernetes, gpu } = cluster;
  const repositories = [kubernetes.repository, ...(gpu.toolkit === null ? [] : [gpu.toolkit.repository])];
  const artifacts = new Map(repositories.map(({ keyUrl }) => [keyUrl, key]));
  const bare = bareCluster(cluster, artifacts);
  if (state === 'fresh') return { cluster, artifacts, text: JSON.stringify(bare) };
  const answers = JSON.parse(await recorded('facts.json')) as Answers;
  return { cluster, artifacts, text: JSON.stringify(multiply(answers, bare, workers)) };
}

const OPTIONS = { path: 'inventory.yaml', directory: '/', env: { HOME: '/root' }, secrets: 'skip' } as const;

const recorded = (name: string): Promise<string> =>
  readFile(new URL(`recorded/${name}`, import.meta.url), 'utf8');

async function inventoryOf(workers: readonly string[]): Promise<string> {
  const inventory = parse(await recorded('inventory.yaml')) as { readonly hosts: readonly object[] };
  const [controlPlane, worker] = inventory.hosts;
  const more = workers.map((name, index) => ({
    ...worker,
    name,
    address: `10.20.${index >> 8}.${index & 255}`,
  }));
  return JSON.stringify({ ...inventory, hosts: [controlPlane, ...more] });
}

function bareCluster(cluster: Cluster, artifacts: ReadonlyMap<string, string>): Answers {
  const { nodes } = buildGraph({ cluster, workflow: applyWorkflow, artifacts });
  return Object.fromEntries([...factsByHost(nodes)].map(([host, facts]) => [host, bareAnswers(facts)]));
}

/** Each worker as the recorded one; a question that nobody asked then is answered as by a bare host. */
function multiply(found: Answers, bare: Answers, workers: readonly string[]): Answers {
  const { cp1 = {}, w1 = {} } = found;
  const template = JSON.stringify(w1);
  const machineId = (w1['os']?.['null'] as OsAnswer | undefined)?.machineId ?? '';
  const api = cp1['api']?.['"state"'] as ApiReady;
  const node = JSON.stringify(api.nodes['w1']);
  const named = (text: string, name: string, index: number): string =>
    text
      .replaceAll(/(\\?")w1(\\?")/g, `$1${name}$2`)
      .replaceAll(machineId, index.toString(16).padStart(32, '0'));
  const nodes = workers.map((name, index) => [name, JSON.parse(named(node, name, index)) as Json] as const);
  const whole = { ...api, nodes: { cp1: api.nodes['cp1'], ...Object.fromEntries(nodes) } } as ApiReady;
  const controlPlane = withApi({ ...cp1, api: bare['cp1']?.['api'] ?? {} }, whole);
  return Object.fromEntries([
    ['cp1', merged(bare['cp1'], controlPlane)],
    ...workers.map((name, index) => [name, merged(bare[name], JSON.parse(named(template, name, index)))]),
  ]) as Answers;
}

/** The same answers, with those about the API server as they follow from all that it says. */
export const withApi = (asked: HostAnswers, found: ApiState): HostAnswers => ({
  ...asked,
  api: Object.fromEntries(
    Object.keys(asked['api'] ?? {}).map((key) => [key, answerOf(found, JSON.parse(key) as ApiQuestion)]),
  ),
});

const merged = (bare: HostAnswers = {}, found: HostAnswers): HostAnswers =>
  Object.fromEntries(
    Object.entries(bare).map(([family, answers]) => [family, { ...answers, ...found[family] }]),
  );
