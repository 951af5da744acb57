import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import type { WorkloadState } from '#facts/workloads.ts';
import { kubeProxy } from '#resources/cluster/kube-proxy.ts';
import { kubeletFlags } from '#resources/kubelet/kubelet-flags.ts';
import { kubeletConfiguration } from '#resources/kubelet/kubelet-configuration.ts';
import { nodeLabels, nodeTaints } from '#resources/cluster/owned-metadata.ts';
import { nodeReady } from '#resources/cluster/node-ready.ts';
import { strayNodes } from '#resources/cluster/stray-nodes.ts';

import { fileAnswer as file, missingFile } from '../../support/file-answer.ts';

const diff = (resource: Resource, answers: object): Outcome =>
  resource.diff(answers as never, { host: 'w1', changed: [] });

const host = {
  name: 'w1',
  role: 'worker',
  labels: {},
  taints: [],
  kubelet: {},
  kubeletExtraArgs: {},
  runtime: { type: 'containerd' },
} as unknown as Host;

const cluster = {
  name: 'lab',
  hosts: [{ ...host, name: 'cp1', role: 'control-plane' }, host],
  leaving: [{ ...host, name: 'gone' }],
  ignoredChecks: [],
  network: { plugin: 'none' },
  kubernetes: {
    version: '1.34.9',
    podSubnet: '10.244.0.0/16',
    serviceSubnet: '10.96.0.0/12',
    dnsDomain: 'cluster.local',
    controlPlaneEndpoint: '10.0.0.11:6443',
    loadBalancer: { type: 'external' },
    imageRepository: 'registry.k8s.io',
    apiServer: { certSANs: [], extraArgs: {}, extraVolumes: [] },
    controllerManager: { extraArgs: {}, extraVolumes: [] },
    scheduler: { extraArgs: {}, extraVolumes: [] },
    etcd: { type: 'stacked', dataDir: '/var/lib/etcd', extraArgs: {}, extraVolumes: [] },
    featureGates: {},
    kubelet: {},
    kubeProxy: { mode: 'iptables', config: {} },
    skipPhases: [],
    patches: [],
    kubeadm: { initConfiguration: {}, clusterConfiguration: {}, joinConfiguration: {} },
  },
} as unknown as Cluster;

const node = { labels: {}, annotations: {}, taints: [], isReady: true, message: '' };
const stored = (value: object, annotations = {}) => ({ text: stringify(value), annotations });
const ready = {
  state: 'ready',
  nodes: { w1: node },
  clusterConfiguration: '',
  kubelet: stored({ cgroupDriver: 'systemd' }),
  kubeProxy: stored({ mode: 'iptables' }),
  objects: ['DaemonSet/kube-proxy'],
  kubeProxyPods: {},
};
const nodeWith = (changes: object): object => ({ api: { ...ready, nodes: { w1: { ...node, ...changes } } } });

describe('labels', () => {
  it('that others set stay, those that slipway set before go', () => {
    const found = nodeWith({ labels: { old: '1', mine: '2' }, annotations: { 'slipway/labels': 'old' } });
    expect(diff(nodeLabels(cluster, { ...host, labels: { new: '3' } }), found)).toMatchObject({
      answer: 'change',
      differences: [
        { what: 'label new', from: null, to: '3' },
        { what: 'label old', from: '1', to: null },
        { what: 'labels set by slipway', from: 'old', to: 'new' },
      ],
    });
  });

  it('are owned before they are set, and disowned after they are gone', () => {
    const found = nodeWith({ labels: { old: '1' }, annotations: { 'slipway/labels': 'old' } });
    const outcome = diff(nodeLabels(cluster, { ...host, labels: { new: '3' } }), found);
    const script =
      outcome.answer === 'change' && outcome.steps[0]?.do === 'run' ? outcome.steps[0].script : '';
    expect(script.split('\n').map((line) => line.replace(/^.*?none /, ''))).toEqual([
      'annotate node w1 --overwrite slipway/labels=new,old',
      'label node w1 --overwrite new=3 old-',
      'annotate node w1 --overwrite slipway/labels=new',
    ]);
  });

  it('of no one are nothing to do', () => {
    expect(diff(nodeLabels(cluster, host), nodeWith({ labels: { mine: '2' } })).answer).toBe('none');
  });
});

describe('taints', () => {
  const key = 'node-role.kubernetes.io/control-plane';
  const controlPlane = { key, value: '', effect: 'NoSchedule' } as const;
  const first = { ...host, role: 'control-plane' } as const;

  it("kubeadm's own goes when the inventory has none for a control plane", () => {
    expect(diff(nodeTaints(cluster, first), nodeWith({ taints: [controlPlane] }))).toMatchObject({
      differences: [{ what: 'taint node-role.kubernetes.io/control-plane:NoSchedule', from: '', to: null }],
    });
  });

  it("kubeadm's own needs no record", () => {
    const wanted = nodeTaints(cluster, { ...first, taints: [controlPlane] });
    expect(diff(wanted, nodeWith({ taints: [controlPlane] })).answer).toBe('none');
  });

  it('of the node controller stay', () => {
    const notReady = { key: 'node.kubernetes.io/not-ready', value: '', effect: 'NoExecute' };
    expect(diff(nodeTaints(cluster, host), nodeWith({ taints: [notReady] })).answer).toBe('none');
  });
});

describe('a node that is not Ready', () => {
  const message = 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady';

  it('for want of a network is right where the network is not ours, and that is said', () => {
    expect(diff(nodeReady(cluster, host), nodeWith({ isReady: false, message }))).toMatchObject({
      answer: 'none',
      notes: [expect.stringContaining('until you install a network plugin')],
    });
  });

  it('for another reason is waited for', () => {
    const found = nodeWith({ isReady: false, message: 'container runtime is down' });
    expect(diff(nodeReady(cluster, host), found).answer).toBe('change');
  });
});

describe('kube-proxy', () => {
  const ipvs = {
    ...cluster,
    kubernetes: { ...cluster.kubernetes, kubeProxy: { mode: 'ipvs', config: {} } },
  } as Cluster;

  it('with another mode is changed and started anew, and a deprecated one is noted', () => {
    expect(diff(kubeProxy(ipvs), { api: ready })).toMatchObject({
      answer: 'change',
      differences: [{ what: 'mode', from: 'iptables', to: 'ipvs' }, { what: 'pods of kube-proxy' }],
      steps: [
        { summary: 'change ConfigMap kube-system/kube-proxy' },
        { summary: 'start the pods of kube-proxy anew' },
      ],
      notes: [expect.stringContaining('deprecated since Kubernetes 1.35')],
    });
  });

  it('whose pods were not started anew yet is seen', () => {
    const api = {
      ...ready,
      kubeProxy: stored({ mode: 'iptables' }, { 'slipway/kube-proxy-configuration': 'abc' }),
    };
    expect(diff(kubeProxy(cluster), { api })).toMatchObject({
      differences: [{ what: 'pods of kube-proxy' }],
    });
    const started = { ...api, kubeProxyPods: { 'slipway/kube-proxy-configuration': 'abc' } };
    const answer = (rollout: 'old' | 'done') => {
      const found: WorkloadState = {
        name: 'DaemonSet kube-system/kube-proxy',
        rollout,
        counts: '',
        pods: [],
      };
      return diff(kubeProxy(cluster), { api: started, rollout: [found] }).answer;
    };
    expect([answer('old'), answer('done')]).toEqual(['change', 'none']);
  });
});

describe("a kubelet's configuration", () => {
  const wanted = kubeletConfiguration(cluster, { ...host, kubelet: { maxPods: 50 } }, 'join');

  it('keeps what kubeadm wrote, and shows each field that changes', () => {
    const found = file('cgroupDriver: systemd\ncontainerRuntimeEndpoint: unix:///run/x.sock\nmaxPods: 110\n');
    expect(diff(wanted, { found, patch: file(null), api: ready })).toMatchObject({
      differences: [{ what: 'maxPods', from: 110, to: 50 }],
      steps: [
        { path: '/etc/kubernetes/patches/kubeletconfiguration+merge.yaml', content: 'maxPods: 50\n' },
        { content: 'cgroupDriver: systemd\ncontainerRuntimeEndpoint: unix:///run/x.sock\nmaxPods: 50\n' },
      ],
    });
  });

  it('goes back to what all nodes have where a host has nothing of its own any more', () => {
    const plain = kubeletConfiguration(cluster, host, 'join');
    const api = { ...ready, kubelet: stored({ cgroupDriver: 'systemd', maxPods: 200 }) };
    const found = file('cgroupDriver: systemd\nmaxPods: 50\n');
    expect(diff(plain, { found, patch: file('maxPods: 50\n'), api })).toMatchObject({
      differences: [{ what: 'maxPods', from: 50, to: 200 }],
    });
  });

  it('that cannot be read is refused', () => {
    expect(diff(wanted, { found: file('a: [\n'), patch: file(null), api: ready })).toMatchObject({
      answer: 'refused',
      check: 'KubeletConfiguration',
    });
  });
});

const found = (text: string) => ({
  found: { type: 'file', content: text, mode: '0644', owner: 'root:root' },
  credentials: 'file',
  os: { hostname: 'w1' },
});

describe("a kubelet's flags", () => {
  const flags = kubeletFlags(cluster, { ...host, kubeletExtraArgs: { v: '3' }, nodeIp: '10.0.0.12' }, 'join');

  it("keep kubeadm's own, and lose what nobody wants", () => {
    const text = 'KUBELET_KUBEADM_ARGS="--pod-infra-container-image=pause --v=2 --old=1"\n';
    expect(diff(flags, found(text))).toMatchObject({
      differences: [
        { what: '--node-ip', from: null, to: '10.0.0.12' },
        { what: '--old', from: '1', to: null },
        { what: '--v', from: '2', to: '3' },
      ],
      steps: [
        { content: 'KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.12 --pod-infra-container-image=pause --v=3"\n' },
      ],
    });
  });

  it.each([
    'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/x.sock --v=4 5"\n',
    'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/x.sock --v=4""\n',
    'KUBELET_KUBEADM_ARGS="--node-labels=a=b,c=d e --container-runtime-endpoint=unix:///run/x.sock"\n',
  ])('in a line that cannot be read are written anew, with those of kubeadm: %s', (text) => {
    const outcome = diff(flags, found(text));
    expect(outcome.answer).toBe('change');
    const [step] = outcome.answer === 'change' ? outcome.steps : [];
    expect(step).toMatchObject({
      content: expect.stringContaining('--container-runtime-endpoint=unix:///run/x.sock') as string,
    });
    expect(JSON.stringify(step)).not.toMatch(/4 5|d e/);
  });

  it('in a file that kubeadm did not write are refused', () => {
    expect(diff(flags, found('MORE=1\nKUBELET_KUBEADM_ARGS="--v=3"\n')).answer).toBe('refused');
  });
});

const made = (configuration: object): object => ({
  api: { ...ready, clusterConfiguration: stringify(configuration) },
});

const outcomes = (configuration: object): readonly Outcome[] =>
  clusterSettings(cluster).map((resource) => diff(resource, made(configuration)));

describe('settings of a cluster that is made', () => {
  const asMade = {
    networking: { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/12', dnsDomain: 'cluster.local' },
    controlPlaneEndpoint: '10.0.0.11:6443',
    imageRepository: 'registry.k8s.io',
    apiServer: {},
    scheduler: {},
  };

  it('are right as they were made', () => {
    expect(outcomes(asMade).map(({ answer }) => answer)).toEqual(['none', 'none', 'none']);
  });

  it('are named where they are otherwise', () => {
    const [network, controlPlane] = outcomes({
      ...asMade,
      networking: { ...asMade.networking, podSubnet: '10.0.0.0/16' },
      apiServer: { extraArgs: [{ name: 'v', value: '4' }] },
    });
    expect(network).toMatchObject({
      answer: 'refused',
      check: 'ClusterNetwork',
      why: expect.stringContaining('networking.podSubnet is 10.0.0.0/16, wanted 10.244.0.0/16'),
    });
    expect(controlPlane).toMatchObject({
      check: 'ControlPlaneSettings',
      why: expect.stringContaining('apiServer.extraArgs is {"v":"4"}, wanted not set'),
    });
  });
});

const withNodes = (nodes: object): object => ({ api: { ...ready, nodes } });

describe('nodes that no host of the inventory stands for', () => {
  it('are named, each with what would remove it', () => {
    expect(
      diff(strayNodes(cluster), withNodes({ cp1: node, w1: node, w9: node, old: node, gone: node })),
    ).toMatchObject({
      answer: 'none',
      notes: [
        'node old is not in the inventory, and stays as it is. To remove it: slipway remove old',
        expect.stringContaining('node w9 is not in the inventory'),
      ],
    });
  });

  it('are none where all are hosts, or no cluster answers', () => {
    expect(diff(strayNodes(cluster), withNodes({ cp1: node }))).not.toHaveProperty('notes');
    expect(diff(strayNodes(cluster), { api: { state: 'absent' } })).not.toHaveProperty('notes');
  });
});

describe('what is wanted of a node that is not there yet', () => {
  const absent = { api: { ...ready, nodes: {} } };
  const unconfigured = {
    found: { type: 'absent', content: null },
    patch: { content: null },
    credentials: 'absent',
    os: { hostname: 'w1' },
    api: ready,
  };
  const labels = nodeLabels(cluster, { ...host, labels: { rack: 'a' } });
  const tainted = { ...host, taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } as const;

  it('is what a node gets that is deleted before it joins anew', () => {
    const there = nodeWith({ labels: { rack: 'a' }, annotations: { 'slipway/labels': 'rack' } });
    expect(diff(labels, there).answer).toBe('none');
    expect(labels.restartOn).toEqual(['stale-node:w1']);
    const outcome = labels.diff(there as never, { host: 'w1', changed: labels.restartOn });
    expect(outcome).toMatchObject({
      waitsFor: { host: 'w1', phase: 'join' },
      forecast: { differences: [{ what: 'label rack', from: null, to: 'a' }, {}] },
    });
    expect(nodeLabels(cluster, { ...host, name: 'cp1' }).restartOn).toEqual([]);
  });

  it('is told already: taints, which it is registered with', () => {
    const differences = [{ what: 'taints set by slipway', from: null, to: 'a:NoSchedule' }];
    expect(diff(nodeTaints(cluster, tainted), absent)).toMatchObject({ forecast: { differences } });
  });

  it('is foretold of no cluster that may have been one before', () => {
    expect(diff(labels, { api: { state: 'absent' } })).toHaveProperty('forecast');
    expect(diff(labels, { api: { state: 'absent', isLost: true } })).not.toHaveProperty('forecast');
    expect(diff(labels, { api: { state: 'unreachable', why: 'refused' } })).not.toHaveProperty('forecast');
  });

  it.each<[string, Resource]>([
    ['flags', kubeletFlags(cluster, { ...host, kubeletExtraArgs: { v: '4' } }, 'join')],
    ['settings', kubeletConfiguration(cluster, { ...host, kubelet: { maxPods: 9 } }, 'join')],
  ])('is left to kubeadm: %s of its kubelet', (_, resource) => {
    expect(diff(resource, unconfigured)).toMatchObject({ answer: 'deferred', forecast: { answer: 'none' } });
  });
});

describe('a configuration of the kubelet that a worker has lost', () => {
  it.each(['', null])('is written anew, and nothing that is empty is kept: %j', (content) => {
    const there = content === null ? missingFile : file(content);
    const wanted = kubeletConfiguration(cluster, host, 'join');
    const outcome = diff(wanted, { found: there, patch: missingFile, credentials: 'file', api: ready });
    expect(outcome).toMatchObject({ steps: [{ summary: 'write /var/lib/kubelet/config.yaml' }] });
    expect(outcome).not.toHaveProperty('notes');
  });
});
