import { describe, expect, it } from 'vitest';

import type { Cluster } from '#core/cluster.ts';

import { problemsOf } from '../inventory/inventory-fixture.ts';
import { RemovalModel } from './removal-model.ts';

import { ALL, applied, clusterOf, GOOD, inventoryOf, notesOf, planOf, refusals } from './removal-run.ts';
const ignoring = async (checks: readonly string[], absent: readonly string[]): Promise<Cluster> => ({
  ...(await clusterOf(absent)),
  ignoredChecks: checks,
});

describe('a removal is refused, with the numbers,', () => {
  it('where too few healthy members of etcd would be left', async () => {
    const model = new RemovalModel(['cp1', 'cp2', 'w1', 'w2'], ['cp3']);
    expect(refusals(await planOf(model, await clusterOf(['cp2'])))).toEqual([
      'cp2: EtcdQuorum: without cp2 etcd would have 2 members, of which 1 would be healthy, and 2 must agree',
    ]);
  });

  it('though not where the dead member goes first', async () => {
    const names = ['cp1', 'cp3', 'cp2', 'w1', 'w2'];
    const model = new RemovalModel(['cp1', 'cp2', 'w1', 'w2'], ['cp3']);
    const cluster = await clusterOf(['cp2', 'cp3'], names);
    expect((await applied(model, cluster)).report).toMatchObject(GOOD);
    expect(model.members().map(([name]) => name)).toEqual(['cp1']);
  });

  it('where two of three would go, and the one that stays has not joined', async () => {
    const model = new RemovalModel(['cp1', 'cp2', 'w1', 'w2']);
    model.hosts.set('cp3', { ...model.of('cp1'), hasMember: false, hasNode: false });
    expect(refusals(await planOf(model, await clusterOf(['cp1', 'cp2']))).join('\n')).toContain(
      'cp2: LastControlPlane: cp2 has the last member of etcd: 0 would be left',
    );
  });

  it.each(['unreachable', 'absent'] as const)('where the cluster is %s to those that stay', async (api) => {
    const model = new RemovalModel(ALL);
    model.api = api;
    const cluster = await clusterOf(['cp1']);
    expect(refusals(await planOf(model, cluster)).join('\n')).toContain('cp1: ClusterSilent: ');
    await expect(applied(model, cluster)).rejects.toThrow('stand in the way');
    expect(model.log).toEqual([]);
  });

  it('where another machine of a cluster answers at the address', async () => {
    const model = new RemovalModel(ALL);
    const cluster = await clusterOf(['w1']);
    model.machines.set('w1', 'm-w1');
    expect(refusals(await planOf(model, cluster))).toEqual([]);
    model.machines.set('w1', 'm-other');
    expect(refusals(await planOf(model, cluster)).join('\n')).toContain(
      'w1: NodeNameTaken: the machine at the address of w1 is not the one that is registered',
    );
  });

  it('where the endpoint is the address of the one that leaves', async () => {
    const own = inventoryOf(ALL, ['cp1']).replace('10.0.0.99', '10.0.0.1');
    expect(await problemsOf(own)).toContain('is the address of cp1, which is to be absent');
  });

  it('where no control plane is left in the inventory', async () => {
    expect(await problemsOf(inventoryOf(['cp1', 'w1'], ['cp1']))).toMatch(
      /inventory.yaml:5:\d+.*no control plane is left without cp1/,
    );
  });

  it('where another host has the address of the one that leaves', async () => {
    const same = inventoryOf(['cp1', 'cp2', 'w1'], ['cp2']).replace('10.0.0.3', '10.0.0.2');
    expect(await problemsOf(same)).toContain('the address 10.0.0.2 is that of');
  });
});

describe('a control plane that has left etcd', () => {
  it('is reset also where no API server answers in that moment', async () => {
    const cluster = { ...(await clusterOf(['cp3'])), ignoredChecks: ['ClusterSilent'] };
    const model = new RemovalModel(ALL);
    model.api = 'unreachable';
    expect((await planOf(model, cluster)).nodes.flatMap(({ outcome }) => outcome.answer)).not.toContain(
      'change',
    );
    model.of('cp3').hasMember = false;
    const { nodes } = await planOf(model, cluster);
    expect(nodes.find(({ address }) => address === 'kubeadm-reset')?.outcome.answer).toBe('change');
  });
});

describe('where checks are ignored', () => {
  it('EtcdQuorum leaves the decision to etcd, and what it refuses keeps its node and its data', async () => {
    const model = new RemovalModel(['cp1', 'cp2', 'w1', 'w2'], ['cp3']);
    const cluster = await ignoring(['EtcdQuorum'], ['cp2']);
    const plan = await planOf(model, cluster);
    expect(refusals(plan)).toEqual([]);
    expect(notesOf(plan).join('\n')).toContain('ignored: EtcdQuorum: without cp2 etcd would have 2 members');
    const { report } = await applied(model, cluster);
    expect(report.failed.map(({ node }) => node.id)).toEqual(['cp2/removed-nodes/removed-member:cp2']);
    expect(model.of('cp2')).toMatchObject({ hasMember: true, hasNode: true, hasTraces: true });
  });

  it.each([
    ['LastControlPlane', 'ready'],
    ['ClusterSilent', 'unreachable'],
    ['ClusterSilent', 'absent'],
  ] as const)('%s lets nothing of a member go that stays, with the cluster %s', async (check, api) => {
    const model = new RemovalModel(['cp1', 'w1', 'w2']);
    for (const name of ['cp2', 'cp3']) model.add(name);
    Object.assign(model.of('cp2'), { hasNode: true, hasTraces: true });
    model.api = api;
    const cluster = await ignoring([check], ['cp1']);
    const plan = await planOf(model, cluster);
    expect(plan.nodes.flatMap(({ id, outcome }) => (outcome.answer === 'change' ? [id] : []))).toEqual([]);
    await applied(model, cluster).catch(() => undefined);
    expect(model.log).toEqual([]);
  });

  it('JoinedElsewhere leaves a host alone that is part of another cluster by now', async () => {
    const model = new RemovalModel(ALL);
    for (const name of ['cp1', 'cp2', 'cp3']) model.authorities.set(name, 'ours');
    model.authorities.set('w1', 'theirs');
    model.of('w1').hasNode = false;
    expect(refusals(await planOf(model, await clusterOf(['w1'])))).toEqual([
      'w1: JoinedElsewhere: w1 has joined another cluster: /etc/kubernetes/pki/ca.crt is of another authority',
    ]);
    await expect(applied(model, await ignoring(['JoinedElsewhere'], ['w1']))).rejects.toThrow('Dependency');
    expect(model.log).toEqual([]);
    model.authorities.set('w1', 'ours');
    expect((await applied(model, await clusterOf(['w1']))).report).toMatchObject(GOOD);
    expect(model.of('w1').hasTraces).toBe(false);
  });
});
