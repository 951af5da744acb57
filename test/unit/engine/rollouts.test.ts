import { describe, expect, it } from 'vitest';

import type { NodeResult } from '#core/event.ts';
import type { Pause } from '#core/cluster.ts';
import { fact } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { change, deferred, none, type Outcome, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { makePlan } from '#engine/make-plan.ts';
import { turnsOf } from '#engine/rollouts.ts';
import { runSchedule } from '#engine/schedule.ts';

import { graphNode } from '../../support/graph-node.ts';

const family = { name: 'thing', script: () => sh`:`, parse: () => [], bare: () => null };
const recovery = resource({ address: 'former', facts: {}, diff: () => none('') });

const node = (host: string, address: string, outcome: Outcome, needs: readonly string[] = []): GraphNode =>
  graphNode(
    {
      ...resource({ address, facts: { found: fact(family, address) }, diff: () => outcome }),
      daemon: { name: 'containerd', recovery },
    },
    { host, phase: 'runtime', needs: needs.map((need) => `${host}/runtime/${need}`) },
  );

const WRITE = change([{ what: 'content', from: '', to: 'x' }]);
const RESTART = change(
  [{ what: 'started', from: 'before', to: 'after' }],
  [{ do: 'run', summary: 'restart it', script: sh`:` }],
  ['containerd.service'],
);
const START = change([{ what: 'active', from: false, to: true }]);

/** A file, its unit, and what asks it, of each host. */
const changing = (hosts: readonly string[], unit: Outcome = RESTART): readonly GraphNode[] =>
  hosts.flatMap((host) => [
    node(host, 'file', WRITE),
    node(host, 'unit', unit, ['file']),
    node(host, 'cri', deferred({ host, phase: 'runtime' }, 'it'), ['unit']),
  ]);

const unwell = (host: string): GraphNode =>
  node(host, 'cri', change([{ what: 'it', from: 'silent', to: 'well' }], [], ['it']));

const graphOf = (nodes: readonly GraphNode[], controlPlanes: readonly string[] = []): Graph => ({
  phases: ['runtime'],
  nodes,
  clusterHost: controlPlanes[0] ?? 'none',
  controlPlanes,
  secrets: [],
});

function planOf(graph: Graph) {
  const hosts = [...new Set(graph.nodes.map(({ host }) => host))];
  const thing = Object.fromEntries(['file', 'unit', 'cri'].map((address) => [JSON.stringify(address), null]));
  return makePlan({
    cluster: 'c',
    kubernetes: '1.34.9',
    graph,
    answers: Object.fromEntries(hosts.map((name) => [name, { thing }])),
    hosts: hosts.map((name) => ({ name })),
    ignoredChecks: [],
  });
}

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `w${n + 1}`);

describe('turns of hosts that restart a daemon', () => {
  it('are one worker, the other workers, the control planes, and last the one that speaks for the cluster', () => {
    const plan = planOf(graphOf(changing(['cp1', 'cp2', 'w1', 'w2', 'w3']), ['cp1', 'cp2']));
    expect(plan.rollouts).toEqual([
      { daemon: 'containerd', batches: [['w1'], ['w2'], ['w3'], ['cp2'], ['cp1']] },
    ]);
  });

  it('grow to a tenth of the workers after the first', () => {
    const [rollout] = planOf(graphOf(changing(numbered(41)))).rollouts ?? [];
    expect(rollout?.batches.map(({ length }) => length)).toEqual([1, 5, 5, 5, 5, 5, 5, 5, 5]);
    expect(rollout?.batches.flat()).toEqual(numbered(41));
  });

  it('begin with hosts on which it is not well any more', () => {
    const plan = planOf(graphOf([...changing(['w1', 'w3']), unwell('w2')]));
    expect(plan.rollouts).toEqual([{ daemon: 'containerd', batches: [['w2'], ['w1'], ['w3']] }]);
  });

  it('are not taken where the daemon does not run yet, or on one host', () => {
    expect(planOf(graphOf(changing(numbered(9), START))).rollouts).toBeUndefined();
    expect(planOf(graphOf(changing(['w1']))).rollouts).toBeUndefined();
  });

  it('are those of hosts in service: a new one does not wait for them', () => {
    const graph = graphOf([...changing(['w1', 'w2']), ...changing(['new'], START)]);
    const plan = planOf(graph);
    expect(plan.rollouts).toEqual([{ daemon: 'containerd', batches: [['w1'], ['w2']] }]);
    expect([...turnsOf(plan, graph)]).toEqual([
      ['w1/runtime/file', []],
      ['w2/runtime/file', ['w1/runtime/file', 'w1/runtime/unit', 'w1/runtime/cri']],
    ]);
  });
});

/** The same nodes in an order that the inventory gives. */
const ordered = (
  nodes: readonly GraphNode[],
  order: { readonly workersAtOnce?: number; readonly stages?: string[][]; readonly pauses?: Pause[] },
): readonly GraphNode[] =>
  nodes.map((one) => {
    const daemon = {
      name: 'containerd',
      order: { first: 'workers', workersAtOnce: 1, stages: [], pauses: [], ...order },
    } as const;
    return { ...one, resource: { ...one.resource, daemon } };
  });

describe('turns in the order of the inventory', () => {
  it('are no more workers at once than it says, and none of two stages', () => {
    const nodes = ordered(changing(['cp1', ...numbered(8)]), {
      workersAtOnce: 3,
      stages: [['w8', 'w3'], ['gone'], ['w5']],
    });
    expect(planOf(graphOf(nodes, ['cp1'])).rollouts?.[0]?.batches).toEqual([
      ['w3'],
      ['w8'],
      ['w5'],
      ['w1', 'w2', 'w4'],
      ['w6', 'w7'],
      ['cp1'],
    ]);
  });

  it('hosts that are not well any more are no exception', () => {
    const nodes = ordered([unwell('w1'), unwell('w2'), ...changing(['w3'])], { workersAtOnce: 1 });
    expect(planOf(graphOf(nodes)).rollouts?.[0]?.batches).toEqual([['w1'], ['w2'], ['w3']]);
  });

  it('end where a pause is wanted: what is behind it is left to the next run, and is no failure', async () => {
    const pauses = [{ after: 'first', hosts: ['w1', 'w9'] }];
    const { begun, results } = await run(['cp1', 'w1', 'w2'], '', { pauses });
    expect(begun).toEqual(['w1 after ']);
    for (const id of ['w2/runtime/file', 'w2/runtime/cri', 'cp1/runtime/unit'])
      expect(results.get(id)).toMatchObject({ result: 'skipped', isPaused: true });
  });

  it('a failure before the pause is a failure', async () => {
    const pauses = [{ after: 'both', hosts: ['w2'] }];
    const { results } = await run(['cp1', 'w1', 'w2'], 'w1/runtime/unit', { pauses });
    expect(results.get('w2/runtime/file')).toMatchObject({ because: 'w1/runtime/unit failed' });
    expect(results.get('w2/runtime/file')).not.toHaveProperty('isPaused');
  });
});

const run = async (hosts: readonly string[], failing: string, order?: Parameters<typeof ordered>[1]) => {
  const nodes = changing(hosts);
  const graph = graphOf(order === undefined ? nodes : ordered(nodes, order), ['cp1']);
  const plan = planOf(graph);
  const begun: string[] = [];
  const ended: string[] = [];
  const results = await runSchedule({
    nodes: plan.nodes,
    absent: new Map(),
    turns: turnsOf(plan, graph),
    signal: new AbortController().signal,
    onSkipped: () => undefined,
    run: async ({ id, host, address }): Promise<NodeResult> => {
      if (address === 'file') begun.push(`${host} after ${ended.join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (id === failing) return { result: 'failed', failure: { message: 'no' } };
      if (address === 'cri') ended.push(host);
      return { result: 'changed', restarts: [] };
    },
  });
  return { begun, results };
};

describe('a run in turns', () => {
  it('begins no host before the one before it has answered, wherever it stands in the plan', async () => {
    const { begun } = await run(['cp1', 'w1', 'w2'], '');
    expect(begun).toEqual(['w1 after ', 'w2 after w1', 'cp1 after w1 w2']);
  });

  it.each(['file', 'unit', 'cri'])(
    'ends with the first host whose %s fails: no other is touched',
    async (address) => {
      const { begun, results } = await run(['cp1', 'w1', 'w2'], `w1/runtime/${address}`);
      expect(begun).toEqual(['w1 after ']);
      for (const host of ['w2', 'cp1']) {
        expect(results.get(`${host}/runtime/file`)).toMatchObject({
          result: 'skipped',
          because: `w1/runtime/${address} failed`,
        });
      }
    },
  );
});
