import { describe, expect, it } from 'vitest';

import { destroyedBy } from '#core/effects.ts';
import { isEmpty } from '#core/plan.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { applyWorkflow } from '#workflows/apply.ts';
import { offlinePlan } from '#workflows/offline-plan.ts';
import { refuseUnknown, removeWorkflow, without } from '#workflows/remove.ts';

import { parse } from '../inventory/inventory-fixture.ts';
import { RemovalModel } from './removal-model.ts';

import {
  ALL,
  applied,
  clusterOf,
  GOOD,
  inventoryOf,
  notesOf,
  ONLY,
  opened,
  planOf,
  text,
} from './removal-run.ts';
describe('a host with state: absent', () => {
  it('is drained, taken out of etcd by another, deleted and reset, and a second plan is empty', async () => {
    const model = new RemovalModel(ALL);
    const cluster = await clusterOf(['cp1', 'w1']);
    await expect(text(await planOf(model, cluster))).toMatchFileSnapshot('../../plans/remove.plan.txt');
    expect((await applied(model, cluster)).report).toMatchObject(GOOD);
    expect(model.log).toEqual(
      expect.arrayContaining(['cp2: drain w1', 'cp2: delete node w1', 'w1: kubeadm reset --force']),
    );
    expect(model.log.filter((line) => line.includes('cp1'))).toEqual([
      'cp2: drain cp1',
      'cp2: member remove id-cp1',
      'cp2: delete node cp1',
      'cp1: kubeadm reset --force',
    ]);
    expect(isEmpty(await planOf(model, cluster))).toBe(true);
  });

  it.each(['cp3', 'w2'])(
    'that is dead is removed from the cluster alone, and that is said: %s',
    async (name) => {
      const model = new RemovalModel(
        ALL.filter((one) => one !== name),
        [name],
      );
      const cluster = await clusterOf([name]);
      const plan = await planOf(model, cluster);
      expect(notesOf(plan)).toEqual([
        `${name} is removed from the cluster's side alone, and what is on it stays there: ${name} is off`,
      ]);
      await expect(text(plan)).toMatchFileSnapshot(`../../plans/remove-dead-${name}.plan.txt`);
      expect((await applied(model, cluster)).report).toMatchObject(GOOD);
      expect(model.of(name)).toMatchObject({ hasNode: false, hasMember: false, hasTraces: true });
      expect(model.log.filter((line) => /drain|reset/.test(line))).toEqual([]);
      expect(isEmpty(await planOf(model, cluster))).toBe(true);
    },
  );

  it('that nobody can log in to is removed without it, and why is said, and that it is alive', async () => {
    const model = new RemovalModel(ALL);
    model.of('w1').refusesLogins = true;
    expect(notesOf(await planOf(model, await clusterOf(['w1'])))).toEqual([
      'the kubelet of w1 is heard from: that machine is alive, and what runs there goes on',
      "w1 is removed from the cluster's side alone, and what is on it stays there: w1 refuses logins",
    ]);
  });

  it('loses packages where it is to be purged, and not where it is to be absent', async () => {
    const written = inventoryOf(ALL, ['w1', 'w2']).replace(
      'role: worker, state: absent',
      'role: worker, state: purged',
    );
    const { nodes } = buildGraph({
      cluster: (await parse(written)).cluster,
      workflow: applyWorkflow,
      artifacts: new Map(),
    });
    expect(nodes.flatMap(({ id, phase }) => (phase === 'purge' ? [id] : []))).toEqual([
      'w1/purge/no-packages:kubernetes',
      'w1/purge/no-repository:kubernetes',
    ]);
    const removal = without((await parse(written)).cluster, 'w2');
    const ids = buildGraph({ cluster: removal, workflow: removeWorkflow, artifacts: new Map() }).nodes.map(
      ({ id }) => id,
    );
    expect(ids).toContain('w2/purge/no-packages:kubernetes');
  });

  it('that a recording lacks is taken as gone', async () => {
    const cluster = await clusterOf(['w1']);
    const whole = await planOf(new RemovalModel(ALL), cluster);
    const answers = Object.fromEntries(Object.entries(whole.facts).filter(([name]) => name !== 'w1'));
    const plan = await offlinePlan({
      cluster,
      workflow: applyWorkflow,
      cacheDirectory: '/nonexistent',
      answers,
      only: ONLY,
    });
    expect(notesOf(plan).at(-1)).toBe(
      "w1 is removed from the cluster's side alone, and what is on it stays there: the recording lacks it",
    );
    expect(plan.nodes.map(({ id }) => id)).toEqual([
      'w1/removed-nodes/drain:w1',
      'w1/removed-nodes/removed-node:w1',
    ]);
  });

  it('is gone on with wherever it was cut off', async () => {
    const cluster = await clusterOf(['cp3', 'w1']);
    const whole = new RemovalModel(ALL);
    await applied(whole, cluster);
    expect(whole.log.length).toBeGreaterThan(6);
    for (let cutAt = 1; cutAt <= whole.log.length; cutAt += 1) {
      const model = new RemovalModel(ALL);
      model.cutAt = cutAt;
      await applied(model, cluster);
      expect(model.cut.signal.aborted).toBe(true);
      model.cutAt = Number.POSITIVE_INFINITY;
      expect((await applied(model, cluster)).report, `cut at ${whole.log[cutAt - 1]}`).toMatchObject(GOOD);
      expect(isEmpty(await planOf(model, cluster))).toBe(true);
    }
  });

  it.each([
    ['alive', ALL, []],
    ['dead', ['cp1', 'cp2', 'cp3', 'w2'], ['w1']],
  ])('is named as what is lost by the plan, where it is %s', async (_, alive, dead) => {
    const model = new RemovalModel(alive, dead);
    const cluster = await clusterOf(['w1']);
    expect(destroyedBy(await planOf(model, cluster))).toEqual(['w1']);
    model.of('w1').hasNode = false;
    expect(destroyedBy(await planOf(model, cluster))).toEqual(dead.length > 0 ? [] : ['w1']);
  });

  it('takes part in nothing else', async () => {
    const cluster = await clusterOf(['cp1', 'w1']);
    expect(cluster.hosts.map(({ name }) => name)).toEqual(['cp2', 'cp3', 'w2']);
    const { nodes, clusterHost } = buildGraph({ cluster, workflow: applyWorkflow, artifacts: new Map() });
    const phases = nodes.flatMap(({ host, phase }) => (['cp1', 'w1'].includes(host) ? [phase] : []));
    expect([...new Set(phases)]).toEqual(ONLY);
    expect(clusterHost).toBe('cp2');
  });

  it('is not reset while the cluster has its node, whichever phases are chosen', async () => {
    const cluster = await clusterOf(['cp3']);
    const { run } = opened(new RemovalModel(ALL), cluster);
    const { nodes } = await run.plan();
    const resetting = nodes.find(({ id }) => id === 'cp3/reset/kubeadm-reset');
    expect(resetting?.outcome).toMatchObject({
      answer: 'deferred',
      waitsFor: { host: 'cp3', phase: 'removed-nodes' },
    });
  });
});

describe('a control plane that is replaced', () => {
  it('leaves etcd before the new one joins', async () => {
    const cluster = await clusterOf(['cp3'], [...ALL, 'cp4']);
    const { nodes } = buildGraph({ cluster, workflow: applyWorkflow, artifacts: new Map() });
    const first = nodes.find(({ host, phase }) => host === 'cp4' && phase === 'join');
    expect(first?.needs).toContain('cp3/removed-nodes/removed-node:cp3');
    const worker = nodes.find(({ host, phase }) => host === 'w1' && phase === 'join');
    expect(worker?.needs).not.toContain('cp3/removed-nodes/removed-node:cp3');
  });

  it.each([
    ['dead', ['cp1', 'cp2', 'w1', 'w2'], ['cp3']],
    ['alive', ALL, []],
  ])('%s is replaced in one run, and a second plan is empty', async (how, alive, dead) => {
    const model = new RemovalModel(alive, dead);
    model.add('cp4');
    const cluster = await clusterOf(['cp3'], [...ALL, 'cp4']);
    const selection = { only: [...ONLY, 'join'], limit: ['cp3', 'cp4'] };
    const plan = await planOf(model, cluster, applyWorkflow, selection);
    await expect(text(plan)).toMatchFileSnapshot(`../../plans/replace-${how}-cp3.plan.txt`);
    expect((await applied(model, cluster, applyWorkflow, selection)).report).toMatchObject(GOOD);
    const order = ['cp1: member remove id-cp3', 'cp1: delete node cp3', 'cp4: kubeadm-join kubeadm-join'];
    expect(model.log.filter((line) => order.includes(line))).toEqual(order);
    expect(model.members().map(([name]) => name)).toEqual(['cp1', 'cp2', 'cp4']);
    expect(isEmpty(await planOf(model, cluster, applyWorkflow, selection))).toBe(true);
  });

  it('is gone on with wherever that was cut off', async () => {
    const cluster = await clusterOf(['cp3'], [...ALL, 'cp4']);
    const selection = { only: [...ONLY, 'join'], limit: ['cp3', 'cp4'] };
    for (const cutAt of [1, 2, 3]) {
      const model = new RemovalModel(['cp1', 'cp2', 'w1', 'w2'], ['cp3']);
      model.add('cp4');
      model.cutAt = cutAt;
      await applied(model, cluster, applyWorkflow, selection);
      expect(model.cut.signal.aborted).toBe(true);
      model.cutAt = Number.POSITIVE_INFINITY;
      expect((await applied(model, cluster, applyWorkflow, selection)).report).toMatchObject(GOOD);
      expect(model.members().map(([name]) => name)).toEqual(['cp1', 'cp2', 'cp4']);
    }
  });
});

describe('slipway remove', () => {
  it('removes a node that no host of the inventory is, and connects to nobody for it', async () => {
    const model = new RemovalModel(ALL);
    const cluster = without(await clusterOf([], ['cp1', 'cp2', 'w1', 'w2']), 'cp3');
    const { report, connected } = await applied(model, cluster, removeWorkflow);
    expect(report).toMatchObject(GOOD);
    expect(connected).not.toContain('cp3');
    expect(model.of('cp3')).toMatchObject({ hasNode: false, hasMember: false, hasTraces: true });
  });

  it('removes one that the inventory has, whether it answers or not', async () => {
    const model = new RemovalModel(['cp1', 'cp2', 'cp3', 'w1'], ['w2']);
    for (const name of ['w1', 'w2'])
      expect((await applied(model, without(await clusterOf([]), name), removeWorkflow)).report).toMatchObject(
        GOOD,
      );
    expect(model.of('w1')).toMatchObject({ hasNode: false, hasTraces: false, isDrained: true });
    expect(model.of('w2')).toMatchObject({ hasNode: false, hasTraces: true, isDrained: false });
  });

  it('of a name that stands for nothing names the nodes that there are', async () => {
    const model = new RemovalModel(ALL);
    const planOfRemoval = async (name: string, names = ALL.slice(0, 3)) => {
      const cluster = without(await clusterOf([], names), name);
      return [await planOf(model, cluster, removeWorkflow), cluster] as const;
    };
    const typo = await planOfRemoval('w11');
    expect(() => refuseUnknown(...typo)).toThrow(
      expect.objectContaining({
        message: 'the cluster has no node w11, and the inventory no host of that name',
        hint: expect.stringContaining('the nodes are cp1, cp2, cp3, w1, w2;'),
      }),
    );
    refuseUnknown(...(await planOfRemoval('w1')));
    model.api = 'unreachable';
    refuseUnknown(...(await planOfRemoval('w11')));
  });

  it('refuses the last control plane', async () => {
    const cluster = await clusterOf([], ['cp1', 'w1']);
    expect(() => without(cluster, 'cp1')).toThrow(
      'cp1 is the last control plane of the inventory: 0 would be left',
    );
  });
});
