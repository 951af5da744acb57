import { describe, expect, it } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import type { Outcome } from '#core/resource.ts';
import { pull } from '#phases/pull.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { testHost } from '../../contracts/test-host.ts';
import { network } from '../objects/calico-fixture.ts';

const MANIFEST = `kind: ConfigMap
data:
  image: quay.io/calico/not-this:v1
---
kind: DaemonSet
spec:
      containers:
        - image: quay.io/calico/node:v3.32.1
      initContainers:
        - image: quay.io/calico/cni:v3.32.1
---
kind: Deployment
spec:
        - image: quay.io/calico/kube-controllers:v3.32.1
`;
const CALICO = 'quay.io/calico/cni:v3.32.1, quay.io/calico/node:v3.32.1';

const HOSTS = (['cp1', 'cp2', 'w1'] as const).map((name): Host => ({
  ...testHost(),
  name,
  role: name === 'w1' ? 'worker' : 'control-plane',
}));

const clusterOf = (more: object = {}): Cluster =>
  ({
    kubernetes: {
      version: '1.35.8',
      imageRepository: 'registry.k8s.io',
      skipPhases: [],
      etcd: { type: 'stacked' },
    },
    network,
    registries: [],
    hosts: HOSTS,
    ...more,
  }) as unknown as Cluster;

/** What is named to an operator for each host; undefined where there is nothing to be done. */
function named(more: object = {}, artifacts = new Map([['/calico.yaml', MANIFEST]])) {
  const cluster = clusterOf(more);
  return cluster.hosts.map((host) => {
    const [one] = pull.resources?.({ cluster, host, artifacts, isClusterHost: false }, []) ?? [];
    if (one === undefined) return undefined;
    if ('resource' in one) throw new Error('it runs elsewhere');
    const bare = { kubelet: 'absent', configuration: 'absent', record: { content: null } };
    const outcome: Outcome = one.diff(bare as never, { host: host.name, changed: [] });
    return outcome.answer === 'change' ? outcome.differences[0]?.to : outcome.why;
  });
}

const OF_CONTROL_PLANE = 'those of a control plane, as kubeadm 1.35.8 names them';
const OF_WORKER = 'registry.k8s.io/pause:3.10, registry.k8s.io/kube-proxy:v1.35.8';

describe('what is pulled ahead', () => {
  it('is what runs on every node, and what kubeadm does not pull at once', () => {
    expect(named()).toEqual([CALICO, `${OF_CONTROL_PLANE}, ${CALICO}`, `${OF_WORKER}, ${CALICO}`]);
  });

  it('comes from the registry in place of the one of Calico', () => {
    expect(named({ network: { ...network, registry: 'mirror.io/q' } })[0]).toBe(
      'mirror.io/q/calico/cni:v3.32.1, mirror.io/q/calico/node:v3.32.1',
    );
  });

  it('is unknown in part before the manifest is fetched', () => {
    expect(named({}, new Map())[0]).toBe('known-after@the_manifest_of_Calico_is_fetched@');
  });

  it.each([
    ['the operator, who decides what it runs', { ...network, install: { by: 'operator' } }],
    ['a login that is in the cluster', { ...network, imagePullSecrets: ['mine'] }],
    ['no network of ours', { plugin: 'none' }],
  ])('has nothing of Calico with %s', (_, other) => {
    expect(named({ network: other })).toEqual([undefined, OF_CONTROL_PLANE, OF_WORKER]);
  });

  it('has no kube-proxy where there is none', () => {
    const kubernetes = { ...clusterOf().kubernetes, skipPhases: ['addon/kube-proxy'] };
    expect(named({ kubernetes, network: { plugin: 'none' } })[2]).toBe('registry.k8s.io/pause:3.10');
  });

  it('is nothing where a bundle has brought all', () => {
    expect(named({ bundle: {} })).toEqual([undefined, undefined, undefined]);
  });

  it('is nothing with Docker where a login is needed, which its CRI socket is not given', () => {
    const registries = [{ host: 'a.io', endpoint: { login: { username: 'me' } } }];
    const hosts = HOSTS.map((host) => ({ ...host, runtime: { ...host.runtime, type: 'docker' } }));
    expect(named({ registries, hosts })).toEqual([undefined, undefined, undefined]);
    expect(named({ registries })[0]).toBe(CALICO);
    expect(named({ hosts })[0]).toBe(CALICO);
  });

  it('keeps no other phase waiting', () => {
    const cluster = { ...clusterOf(), leaving: [], hooks: [] } as unknown as Cluster;
    const waiting = applyWorkflow.phases.filter((phase) =>
      ['network', 'join', 'control-plane', 'nodes', 'verify', 'addons', 'kubelet'].includes(phase.name),
    );
    expect(waiting).toHaveLength(7);
    for (const phase of waiting) {
      const needs = phase.needs({ cluster, host: HOSTS[2]!, artifacts: new Map(), isClusterHost: false });
      expect(needs.map((need) => (typeof need === 'string' ? need : need.phase))).not.toContain('pull');
    }
  });
});
