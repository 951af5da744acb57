import { describe, expect, it } from 'vitest';

import { KUBEADM_OBJECTS } from '#catalog/kubeadm-objects.ts';
import { initConfig } from '#configuration/kubeadm-config.ts';
import { KUBEADM_FILES, KUBELET_SERVING_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Fact } from '#core/fact.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { CONTROL_PLANE_LABEL } from '#facts/api.ts';
import { controlPlaneFiles } from '#resources/kubeadm/control-plane-files.ts';
import { noHalfControlPlane } from '#resources/kubeadm/half-control-plane.ts';
import { kubeadmInit } from '#resources/kubeadm/kubeadm-init.ts';
import { kubeadmJoin } from '#resources/kubeadm/kubeadm-join.ts';
import { noStaleNode } from '#resources/kubeadm/stale-node.ts';

import { planningCase } from '../../../scripts/bench/planning-case.ts';

const { cluster: recorded } = await planningCase(2, 'done');
const [cp1, w1] = recorded.hosts as readonly [Host, Host];
const cp2: Host = { ...cp1, name: 'cp2' };
const clusterOf = (version = '1.34.9'): Cluster => ({
  ...recorded,
  hosts: [cp1, cp2, w1],
  kubernetes: { ...recorded.kubernetes, version },
});

const marked = { labels: { [CONTROL_PLANE_LABEL]: '' }, machineId: 'm1' };
const unmarked = { labels: {}, machineId: 'm1' };
const ready = {
  state: 'ready',
  nodes: { cp1: marked, cp2: marked, w1: unmarked },
  objects: KUBEADM_OBJECTS.map(({ id }) => id),
};

/** What a resource decides where all is as it should be, but for some answers: by the resource's name of the fact, or by path. */
function decide(resource: Resource, changes: Readonly<Record<string, unknown>>): Outcome {
  const answers = Object.entries<Fact>(resource.facts).map(([name, { family, question }]) => {
    const right: Readonly<Record<string, unknown>> = {
      api: ready,
      path: question === KUBEADM_FILES.bootstrap ? 'absent' : 'file',
      file: { type: 'file', content: 'authority' },
      os: { machineId: 'm1' },
      'file-mentions': name === 'isFinalized',
      detached: false,
      certificates: [],
      'static-pods': { createdAt: {}, unready: null },
    };
    const key = family.name === 'path' && typeof question === 'string' ? question : name;
    return [name, key in changes ? changes[key] : right[family.name]];
  });
  return resource.diff(Object.fromEntries(answers) as never, { host: 'cp1', changed: [] });
}

type Changes = Readonly<Record<string, unknown>>;

const half = (changes: Changes, version?: string): string =>
  decide(noHalfControlPlane(clusterOf(version), cp2), changes).answer;
const init = (changes: Changes): Outcome => decide(kubeadmInit(clusterOf()), changes);
const files = (changes: Changes): Outcome => decide(controlPlaneFiles(clusterOf(), cp1), changes);

const apiWith = (nodes: object, objects = ready.objects): object => ({
  ...ready,
  nodes: { ...ready.nodes, ...nodes },
  objects,
});

describe('a control plane that joined', () => {
  it('is reset where its join was cut off, and not where it lost a label or its node', () => {
    const api = apiWith({ cp2: unmarked });
    expect(half({ api })).toBe('none');
    expect(half({ api: apiWith({ cp2: undefined }) })).toBe('none');
    expect(half({ api, [KUBEADM_FILES.bootstrap]: 'file' })).toBe('change');
    expect(half({ api, ['/var/lib/etcd/member']: 'absent' })).toBe('change');
    expect(half({ [KUBEADM_FILES.bootstrap]: 'file' })).toBe('none');
  });

  it('is reset where its join was cut off before its kubelet had credentials, and kubeadm had written static pods', () => {
    const api = apiWith({ cp2: undefined });
    const { clientCertificate, bootstrap, apiServerManifest } = KUBEADM_FILES;
    const begun = { api, [clientCertificate]: 'absent', [bootstrap]: 'file' };
    expect(half(begun)).toBe('change');
    expect(half({ ...begun, ['/var/lib/etcd/member']: 'absent' })).toBe('change');
    expect(half({ ...begun, ['/var/lib/etcd/member']: 'absent', [bootstrap]: 'absent' })).toBe('change');
    expect(half({ ...begun, ['/var/lib/etcd/member']: 'absent', [apiServerManifest]: 'absent' })).toBe(
      'none',
    );
    const another = { type: 'file', content: 'another authority' };
    expect(half({ ...begun, authority: another })).toBe('none');
  });

  it('leaves etcd before it is reset, by members that have joined', () => {
    const bootstrap = { [KUBEADM_FILES.bootstrap]: 'file' };
    const outcome = decide(noHalfControlPlane(clusterOf(), cp2), {
      api: apiWith({ cp2: undefined }),
      ...bootstrap,
    });
    const steps = outcome.answer === 'change' ? outcome.steps : [];
    expect(steps.map(({ summary }) => summary)).toEqual([
      'take member cp2 out of etcd',
      'kubeadm reset of the unfinished control plane',
    ]);
    expect(JSON.stringify(steps[0])).toContain(`etcd_endpoints=https://${cp1.address}:2379\\n`);
  });

  it('is not reset where it has lost its credentials, with or without its label', () => {
    const lost = { [KUBEADM_FILES.clientCertificate]: 'absent' };
    expect(half({ ...lost, api: apiWith({ cp2: unmarked }) })).toBe('none');
    expect(half({ ...lost, [KUBEADM_FILES.bootstrap]: 'file' })).toBe('none');
  });

  it('is judged by its label alone where kubeadm takes the bootstrap file away before etcd joins', () => {
    expect(half({ api: apiWith({ cp2: unmarked }) }, '1.32.9')).toBe('change');
    expect(half({ api: apiWith({ cp2: marked }) }, '1.32.9')).toBe('none');
  });
});

describe('a worker without credentials', () => {
  const changes = { [KUBEADM_FILES.clientCertificate]: 'other' };

  it('keeps its node where its kubelet was configured, and loses it where the machine was reset', () => {
    const stale = noStaleNode(clusterOf(), w1);
    expect(decide(stale, changes).answer).toBe('none');
    const reset = { ...changes, [KUBEADM_FILES.kubeletConfiguration]: 'absent' };
    expect(decide(stale, reset)).toMatchObject({
      answer: 'change',
      differences: [{ what: 'node w1', to: null }],
    });
  });

  it('gets others by a token, which stands in no step', () => {
    const outcome = decide(kubeadmJoin(clusterOf(), w1), changes);
    expect(outcome).toMatchObject({ answer: 'change', restarts: ['kubelet.service'] });
    const steps = JSON.stringify(outcome.answer === 'change' ? outcome.steps : []);
    expect(steps).toContain('{"secret":"join-token"}');
    expect(steps).not.toContain('kubeadm join');
  });

  it('joins where nobody knows its node', () => {
    const outcome = decide(kubeadmJoin(clusterOf(), w1), { ...changes, api: apiWith({ w1: undefined }) });
    expect(outcome).toMatchObject({ differences: [{ what: 'kubeadm join', from: 'begun, not finished' }] });
  });
});

describe('the first control plane', () => {
  it('that was made is never made again, whatever became of its node', () => {
    for (const node of [unmarked, undefined]) {
      expect(JSON.stringify(init({ api: apiWith({ cp1: node }) }))).not.toContain('--skip-token-print');
    }
    expect(init({ api: apiWith({ cp1: undefined }) })).toMatchObject({
      differences: [{ what: 'node', from: null, to: 'cp1' }],
      steps: [{ summary: 'restart the kubelet, so that it registers its node' }],
    });
  });

  it.each(KUBEADM_OBJECTS.map(({ id }) => [id]))('names %s where it is lost', (id) => {
    const outcome = init({
      api: apiWith(
        {},
        ready.objects.filter((one) => one !== id),
      ),
    });
    expect(outcome).toMatchObject({ answer: 'change' });
    expect(JSON.stringify(outcome.answer === 'change' && outcome.differences)).toContain(id);
  });

  it('does not upload a configuration anew for a lost right to read it', () => {
    const objects = ready.objects.filter((id) => id !== 'Role/kubeadm:kubelet-config');
    expect(init({ api: apiWith({}, objects) })).toMatchObject({
      steps: [{ summary: 'create Role/kubeadm:kubelet-config in kube-system' }],
    });
  });

  it('has its admin bound again where the API server knows no right of it', () => {
    const why =
      'Error from server (Forbidden): nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes"';
    const outcome = init({ api: { state: 'unreachable', why } });
    expect(JSON.stringify(outcome)).toContain('phase mark-control-plane');
    const refusedConnection = init({ api: { state: 'unreachable', why: 'connection refused' } });
    expect(refusedConnection).toMatchObject({ answer: 'change', steps: [] });
  });

  it('that was booted without its kubeconfig gets that back, and is not made again', () => {
    const changes = {
      api: { state: 'unreachable', why: 'connection refused' },
      isFinalized: false,
      [KUBEADM_FILES.kubelet]: 'absent',
      ['/var/lib/etcd/member']: 'directory',
    };
    expect(init(changes)).toMatchObject({ differences: [{ what: 'API server' }], steps: [] });
    expect(decide(controlPlaneFiles(clusterOf(), cp1), changes)).toMatchObject({
      differences: [{ what: KUBEADM_FILES.kubelet, to: 'kubeadm init phase kubeconfig kubelet' }],
    });
  });

  it('is begun anew, of another configuration, only where nothing was made of the other one', () => {
    const nothing = Object.fromEntries(
      ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
        .map((name) => `/etc/kubernetes/manifests/${name}.yaml`)
        .concat(KUBEADM_FILES.kubeletConfiguration, '/var/lib/etcd/member')
        .map((path) => [path, 'absent']),
    );
    const bare = {
      api: { state: 'absent' },
      cluster: { state: 'absent' },
      isFinalized: false,
      marker: { type: 'file', content: 'advertiseAddress: 203.0.113.14\n' },
    };
    expect(init({ ...bare, ...nothing, [KUBEADM_FILES.ca]: 'absent' })).toMatchObject({ answer: 'change' });
    expect(init({ ...bare, ...nothing })).toMatchObject({
      answer: 'refused',
      check: 'InitConfiguration',
      why: expect.stringContaining('advertiseAddress: 203.0.113.14') as string,
    });
    const own = { type: 'file', content: initConfig(clusterOf()) };
    expect(init({ ...bare, marker: own })).toMatchObject({
      differences: [{ what: 'kubeadm init', from: 'begun, not finished' }],
    });
  });
});

describe('files of a control plane', () => {
  it('are none of its concern where the kubelet keeps its certificate in its kubeconfig', () => {
    const changes = { [KUBEADM_FILES.clientCertificate]: 'absent', isFinalized: false };
    expect(files(changes).answer).toBe('none');
    expect(files({ ...changes, [KUBEADM_FILES.kubelet]: 'absent' })).toMatchObject({ answer: 'change' });
  });

  it('of a pair come back together, and the kubelet makes its own where it finds none of both', () => {
    const [crt = '', key = ''] = KUBELET_SERVING_FILES;
    expect(files({ [crt]: 'absent', [key]: 'absent' }).answer).toBe('none');
    const one = files({ [key]: 'empty-file' });
    expect(one).toMatchObject({ differences: [{ what: key }], restarts: ['kubelet.service'] });
    expect(JSON.stringify(one)).toContain(`rm -f ${crt} ${key}`);
    const apiServer = files({ '/etc/kubernetes/pki/apiserver.key': 'absent' });
    expect(JSON.stringify(apiServer)).toContain(
      'rm -f /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key',
    );
  });

  it('that were made anew are waited for, until the API server that was restarted on them is ready', () => {
    const lost = files({ '/etc/kubernetes/pki/apiserver.crt': 'absent' });
    expect(lost).toMatchObject({ restarts: ['kube-apiserver'] });
    expect(files({ pods: { createdAt: {}, unready: 'etcd failed' } })).toMatchObject({
      answer: 'change',
      differences: [{ what: 'kube-apiserver', from: 'etcd failed', to: 'ready' }],
      steps: [],
    });
  });

  it('that are signed elsewhere are left to whoever has the key', () => {
    const changes = { '/etc/kubernetes/pki/ca.key': 'absent' };
    expect(files(changes).answer).toBe('none');
    expect(files({ ...changes, '/etc/kubernetes/pki/etcd/peer.crt': 'absent' }).answer).toBe('change');
    expect(files({ ...changes, '/etc/kubernetes/pki/apiserver.key': 'absent' })).toMatchObject({
      answer: 'refused',
      why: expect.stringContaining('/etc/kubernetes/pki/apiserver.key is lost') as string,
    });
  });

  it('that say which cluster it is are refused, with the way to what the cluster still has', () => {
    expect(files({ '/etc/kubernetes/pki/ca.crt': 'absent' })).toMatchObject({
      answer: 'refused',
      hint: expect.stringContaining('kubectl config view --raw') as string,
    });
    expect(
      files({ '/etc/kubernetes/pki/sa.key': 'absent', '/etc/kubernetes/pki/sa.pub': 'absent' }),
    ).toMatchObject({
      hint: expect.stringMatching(/^bring .*sa\.key, .*sa\.pub back from a backup/) as string,
    });
    expect(files({ ['/var/lib/etcd/member']: 'empty-directory' })).toMatchObject({ answer: 'refused' });
  });
});

const hinted = (outcome: Outcome): string => (outcome.answer === 'refused' ? outcome.hint : outcome.answer);

describe('what another cluster left behind', () => {
  const PROGRAM = '/usr/bin/kubeadm';
  const nothing = Object.fromEntries(
    ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) => [
      `/etc/kubernetes/manifests/${name}.yaml`,
      'absent',
    ]),
  );
  const left = {
    ...nothing,
    api: { state: 'absent' },
    cluster: { state: 'absent' },
    marker: { type: 'absent', content: null },
    isFinalized: false,
    isEmbedded: false,
    [KUBEADM_FILES.kubelet]: 'absent',
    [KUBEADM_FILES.clientCertificate]: 'absent',
  };

  it('is cleared by kubeadm, which is told whose containers to remove', () => {
    expect(hinted(init(left))).toContain(
      'clear it on cp1: kubeadm reset --force --cri-socket=unix:///run/containerd/containerd.sock',
    );
  });

  it('is cleared by its names where there is no kubeadm yet', () => {
    expect(hinted(init({ ...left, [PROGRAM]: 'absent' }))).toContain(
      `clear it on cp1: rm -rf ${KUBEADM_FILES.kubeletConfiguration} /var/lib/etcd/member`,
    );
    const cleared = {
      ...left,
      [PROGRAM]: 'absent',
      [KUBEADM_FILES.kubeletConfiguration]: 'absent',
      ['/var/lib/etcd/member']: 'absent',
    };
    expect(init(cleared).answer).toBe('change');
  });

  it.each([
    ['file', 'kubeadm reset --force --cri-socket=unix:///run/containerd/containerd.sock', 'file'],
    ['absent', 'rm -rf /etc/kubernetes /var/lib/kubelet', 'file'],
    ['file', 'kubeadm reset --force --cri-socket=unix:///run/containerd/containerd.sock', 'absent'],
    ['absent', `rm -rf ${KUBEADM_FILES.ca}`, 'absent'],
  ])('on a worker with kubeadm %s: %s', (program, command, credentials) => {
    const outcome = decide(kubeadmJoin(clusterOf(), w1), {
      certificateAuthority: { type: 'file', content: 'another' },
      [PROGRAM]: program,
      [KUBEADM_FILES.clientCertificate]: credentials,
    });
    expect(hinted(outcome).endsWith(`: ${command}`), hinted(outcome)).toBe(true);
  });
});
