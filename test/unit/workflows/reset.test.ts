import { describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import type { Outcome } from '#core/resource.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { parseText } from '../facts/ask.ts';
import { networkLeftovers } from '#facts/network-leftovers.ts';
import { kubeadmReset } from '#resources/removal/kubeadm-reset.ts';
import { noNetworkLeftovers } from '#resources/removal/network-leftovers.ts';
import { removedNode } from '#resources/removal/removed-node.ts';
import { offlinePlan } from '#workflows/offline-plan.ts';
import { resetWorkflow } from '#workflows/reset.ts';

import { planningCase } from '../../../scripts/bench/planning-case.ts';

const { cluster: recorded } = await planningCase(4, 'done');
const [first, second] = recorded.hosts;
if (first === undefined || second === undefined) throw new TypeError('the recording has two hosts');
const hosts: readonly Host[] = [
  ...['cp1', 'cp2', 'cp3'].map((name) => ({ ...first, name })),
  ...['w1', 'w2'].map((name) => ({ ...second, name })),
];
const cluster = { ...recorded, hosts };

const resetOn = (answers: object): Outcome =>
  kubeadmReset(recorded, first).diff(answers as never, {} as never);
const removalWith = (api: object): Outcome => removedNode('w1').diff({ api } as never, {} as never);
const kernelWith = (text: string): Outcome => {
  const [found] = parseText(text, [networkLeftovers]);
  return noNetworkLeftovers({
    ...cluster,
    kubernetes: { ...cluster.kubernetes, podSubnet: '10.244.0.0/16,fd00:10:244::/56' },
  }).diff({ found } as never, {} as never);
};

describe('a reset', () => {
  const { nodes } = buildGraph({ cluster, workflow: resetWorkflow, artifacts: new Map() });
  const needsOf = (host: string): readonly string[] =>
    nodes.find(({ id }) => id === `${host}/reset/kubeadm-reset`)?.needs ?? [];

  it('goes over the workers at once, then over the control planes, the first one last', () => {
    expect(needsOf('w1')).toEqual(['w1/removed-nodes/removed-node:w1']);
    expect(needsOf('cp3')).toEqual(['w1/reset/kubeadm-reset', 'w2/reset/kubeadm-reset']);
    expect(needsOf('cp2')).toEqual(['cp3/reset/kubeadm-reset']);
    expect(needsOf('cp1')).toEqual(['cp2/reset/kubeadm-reset']);
  });

  it('leaves out workers that are not selected, and waits for the others', () => {
    const limit = ['cp1', 'cp2', 'cp3', 'w2'];
    const limited = buildGraph({ cluster, workflow: resetWorkflow, artifacts: new Map(), limit });
    const last = limited.nodes.find(({ id }) => id === 'cp3/reset/kubeadm-reset');
    expect(last?.needs).toEqual(['w2/reset/kubeadm-reset']);
  });

  it('takes hosts along that are to be absent: workers first, control planes before those that stay', async () => {
    const leaving = ['cp4', 'w3'].map((name) => ({
      ...(name === 'w3' ? second : first),
      name,
      isPurged: false,
    }));
    const more = { cluster: { ...cluster, leaving }, workflow: resetWorkflow, artifacts: new Map() };
    const all = buildGraph(more).nodes;
    const waitsFor = (host: string) => all.find(({ id }) => id === `${host}/reset/kubeadm-reset`)?.needs;
    const workers = ['w1', 'w2', 'w3'].map((name) => `${name}/reset/kubeadm-reset`);
    expect(waitsFor('w3')).toEqual(['w3/removed-nodes/removed-node:w3']);
    expect(waitsFor('cp4')).toEqual(workers);
    expect(waitsFor('cp3')).toEqual(['cp4/reset/kubeadm-reset']);
    expect(all.filter(({ host }) => host === 'w3').map(({ phase }) => phase)).toContain('leftovers');
  });

  it('has nothing to do on bare machines', async () => {
    const plan = await offlinePlan({ cluster, workflow: resetWorkflow, cacheDirectory: '/nonexistent' });
    expect(plan.nodes.filter(({ outcome }) => outcome.answer !== 'none')).toEqual([]);
    expect(plan.nodes.length).toBeGreaterThan(20);
  });
});

describe('kubeadm reset', () => {
  it.each([
    [{ found: ['/etc/kubernetes/kubelet.conf'], isStarting: false, isJoining: false }, 'files of kubeadm'],
    [
      { found: ['/etc/kubernetes/pki/ca.crt', '/var/lib/etcd/member'], isStarting: false, isJoining: false },
      'a control plane, with its data of etcd',
    ],
    [{ found: [], isStarting: true, isJoining: false }, 'running'],
    [{ found: [], isStarting: false, isJoining: true }, 'running'],
  ])('is wanted where anything of kubeadm is left: %o', (answers, from) => {
    expect(resetOn(answers)).toMatchObject({ answer: 'change', differences: [{ from, to: null }] });
  });

  it('is not run where nothing is left', () => {
    expect(resetOn({ found: [], isStarting: false, isJoining: false }).answer).toBe('none');
  });
});

describe('what a pod network left in the kernel', () => {
  it('is removed by its names, users before what they use', () => {
    const outcome = kernelWith(
      'table ip kube-proxy\nset KUBE-CLUSTER-IP\nchains iptables-nft 84\ninterface cali1\nroute -4 blackhole 10.244.1.0/26 proto bird\nservice -t 10.96.0.1:443\naddress 10.244.1.0/32\n',
    );
    const script =
      outcome.answer === 'change' && outcome.steps[0]?.do === 'run' ? outcome.steps[0].script : '';
    const order = [
      'ipvsadm -D',
      'route del',
      'link del',
      'addr del',
      'iptables-nft-restore',
      'ipset destroy',
      'nft delete',
    ];
    expect(order.map((word) => script.indexOf(word))).toEqual(
      order.map((word) => script.indexOf(word)).toSorted((left, right) => left - right),
    );
    expect(order.filter((word) => !script.includes(word))).toEqual([]);
    expect(script).not.toMatch(/flush ruleset|-F\s*$|ipvsadm -C|iptables -F/m);
  });

  it.each([
    ['a route of a BIRD of the host', 'route -4 blackhole 172.31.0.0/24 proto bird\n'],
    ['the way out', 'route -4 default via 10.0.0.1 dev eth0 proto bird\n'],
    ['nothing', ''],
  ])('does not count %s', (_, text) => {
    expect(kernelWith(text).answer).toBe('none');
  });

  it.each([
    '-4 10.244.3.0/26 via 10.0.0.3 dev eth0 proto bird',
    '-6 blackhole fd00:10:244::/122 proto bird',
    '-4 10.9.0.7 dev cali9 scope link proto 80',
  ])('counts a route to pods: %s', (route) => {
    expect(kernelWith(`route ${route}\n`).answer).toBe('change');
  });
});

describe('the node of a host that is reset', () => {
  it('is deleted where the cluster knows it, and only there', () => {
    expect(removalWith({ state: 'ready', nodes: { w1: {} } }).answer).toBe('change');
    expect(removalWith({ state: 'ready', nodes: { w2: {} } }).answer).toBe('none');
    expect(removalWith({ state: 'absent' }).answer).toBe('none');
    expect(removalWith({ state: 'unreachable', why: 'refused' }).answer).toBe('none');
  });
});
