import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';

import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import { externalEtcdChecks } from '#checks/preflight/external-etcd.ts';
import { freePorts } from '#checks/preflight/free-ports.ts';
import { neededPorts } from '#checks/preflight/surroundings.ts';
import { controlPlaneGates } from '#checks/preflight/upgrade-gates.ts';
import {
  authoritiesOf,
  certificatesOf,
  controlPlaneFilesOf,
  etcdClientFiles,
  irreplaceableOf,
  memberData,
} from '#configuration/etcd.ts';
import type { Cluster } from '#core/cluster.ts';
import type { ExternalEtcd } from '#core/kubernetes.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { Secret } from '#core/secret.ts';
import { refuseExternal } from '#etcd/etcd.ts';
import { leavingNodes } from '#phases/leaving.ts';
import { upgrade } from '#phases/upgrade.ts';
import { isHalfControlPlane } from '#resources/kubeadm/half-control-plane.ts';
import { kubeadmReset, kubeadmTraces, resetStep } from '#resources/removal/kubeadm-reset.ts';

import { planningCase } from '../../../scripts/bench/planning-case.ts';

const { cluster: stacked } = await planningCase(4, 'done');
const [cp1] = stacked.hosts;
if (cp1 === undefined) throw new TypeError('the recording has hosts');

const A = 'https://10.0.0.21:2379';
const B = 'https://10.0.0.22:2379';
const etcd: ExternalEtcd = {
  type: 'external',
  endpoints: [A, B],
  caFile: '/site/ca.crt',
  certFile: '/site/client.crt',
  key: { secret: 'key of the client of etcd', value: new Secret('the key') },
  extraArgs: {},
  extraVolumes: [],
};
const withEtcd = (wanted: Cluster['kubernetes']['etcd']): Cluster => ({
  ...stacked,
  kubernetes: { ...stacked.kubernetes, etcd: wanted },
});
const external = withEtcd(etcd);
const moved = withEtcd({ type: 'stacked', dataDir: '/data/etcd', extraArgs: {}, extraVolumes: [] });

const diff = (resource: Resource | undefined, answers: object): Outcome | undefined =>
  resource?.diff(answers as never, { host: 'cp1', changed: [] });

const names = (resources: readonly unknown[] | undefined) => JSON.stringify(resources);

describe('with an external etcd, kubeadm', () => {
  it('makes nothing that is for etcd, and renews nothing of it', () => {
    const paths = [
      ...controlPlaneFilesOf(external).map(({ path }) => path),
      ...irreplaceableOf(external),
      ...certificatesOf(external).map(({ path }) => path),
      ...authoritiesOf(external),
    ];
    expect(paths.filter((path) => path.includes('etcd'))).toEqual([]);
    expect(paths).toContain('/etc/kubernetes/pki/apiserver.crt');
    expect(controlPlaneFilesOf(stacked).length - controlPlaneFilesOf(external).length).toBe(9);
  });

  it('finds its client on each control plane, the key for root alone', () => {
    expect(etcdClientFiles(external).map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
      ['/etc/kubernetes/pki/etcd/ca.crt', '644'],
      ['/etc/kubernetes/pki/apiserver-etcd-client.crt', '644'],
      ['/etc/kubernetes/pki/apiserver-etcd-client.key', '600'],
    ]);
    expect(etcdClientFiles(stacked)).toEqual([]);
  });

  it('is reset without its phase that would empty /var/lib/etcd', () => {
    expect(resetStep(external, cp1, 'reset').script).toContain('--skip-phases=remove-etcd-member');
    expect(kubeadmTraces(external).question).not.toContain('/var/lib/etcd/member');
    expect(resetStep(stacked, cp1, 'reset').script).not.toMatch(/skip-phases|rm -rf/);
  });

  it('has no member to take out, to save, or to make room for', () => {
    const context = { cluster: external, host: cp1, artifacts: new Map(), isClusterHost: true };
    expect(names(leavingNodes.resources?.(context, []))).not.toContain('member');
    expect(names(upgrade.resources?.(context, []))).not.toContain('etcd-snapshot');
    expect(names(upgrade.resources?.({ ...context, cluster: stacked }, []))).toContain('etcd-snapshot');
    expect(controlPlaneGates(external)).toEqual([]);
    expect(neededPorts(external, 'control-plane')).not.toContain('2379:2380/tcp');
    expect(freePorts(external, 'control-plane').map(({ address }) => address)).not.toContain(
      'check:Port-2379',
    );
    expect(() => refuseExternal(external)).toThrow(/is external: its members, their snapshots and restores/);
    expect(() => refuseExternal(stacked)).not.toThrow();
  });

  it('joins a control plane that has joined by its credentials alone', () => {
    const api = { state: 'ready', nodes: { [cp1.name]: { labels: {} } } } as never;
    const traces = { credentials: 'file', bootstrap: 'absent', apiServerManifest: 'file' } as const;
    expect(isHalfControlPlane(external, cp1, api, traces)).toBe(false);
    expect(isHalfControlPlane(stacked, cp1, api, { ...traces, etcdData: 'absent' })).toBe(true);
    expect(isHalfControlPlane(external, cp1, api, { ...traces, bootstrap: 'file' })).toBe(true);
  });
});

describe('members whose data are elsewhere', () => {
  it('are reset with them, also where kubeadm cannot know of it', () => {
    expect(memberData(moved)).toBe('/data/etcd/member');
    expect(resetStep(moved, cp1, 'reset').script).toMatch(
      /kubeadm reset[^\n]*\nrm -rf -- '?\/data\/etcd\/member/,
    );
    const outcome = kubeadmReset(moved, cp1).diff(
      { found: ['/data/etcd/member'], isStarting: false, isJoining: false } as never,
      {} as never,
    );
    expect(outcome).toMatchObject({ differences: [{ from: 'a control plane, with its data of etcd' }] });
  });
});

const judged = (cluster: Cluster, configuration: object): Outcome | undefined =>
  diff(
    clusterSettings(cluster).find(({ address }) => address === 'check:ClusterEtcd'),
    {
      api: { state: 'ready', clusterConfiguration: stringify({ etcd: configuration }), nodes: {} },
    },
  );

describe('the etcd of a cluster that stands', () => {
  const files = {
    caFile: '/etc/kubernetes/pki/etcd/ca.crt',
    certFile: '/etc/kubernetes/pki/apiserver-etcd-client.crt',
    keyFile: '/etc/kubernetes/pki/apiserver-etcd-client.key',
  };

  it.each([
    ['the same', external, { external: { endpoints: [B, A], ...files } }],
    ['the same', stacked, { local: { dataDir: '/var/lib/etcd' } }],
    ['the same', stacked, {}],
    ['the same', moved, { local: { dataDir: '/data/etcd/' } }],
  ])('is right where it is %s', (_, cluster, configuration) => {
    expect(judged(cluster, configuration)).toMatchObject({ answer: 'none' });
    expect(judged(cluster, configuration)).not.toHaveProperty('notes');
  });

  it.each([
    [
      stacked,
      { external: { endpoints: [A], ...files } },
      /is external at https:\/\/10.0.0.21:2379, wanted stacked/,
    ],
    [
      external,
      { local: { dataDir: '/var/lib/etcd' } },
      /is stacked on the control planes, wanted external at/,
    ],
    [
      external,
      { external: { endpoints: [A], ...files } },
      /is external at https:\/\/10.0.0.21:2379, wanted external at.*22/,
    ],
    [stacked, { local: { dataDir: '/data/etcd' } }, /dataDir is \/data\/etcd, wanted \/var\/lib\/etcd/],
    [moved, { local: {} }, /dataDir is \/var\/lib\/etcd, wanted \/data\/etcd/],
  ])('is not moved', (cluster, configuration, why) => {
    expect(judged(cluster, configuration)).toMatchObject({
      answer: 'refused',
      check: 'ClusterEtcd',
      why: expect.stringMatching(why),
    });
  });

  it('may have its files elsewhere on the hosts', () => {
    const elsewhere = { endpoints: [A, B], ...files, caFile: '/etc/ssl/etcd/ssl/ca.pem' };
    expect(judged(external, { external: elsewhere })).toMatchObject({
      answer: 'none',
      notes: [expect.stringContaining('API servers read /etc/ssl/etcd/ssl/ca.pem')],
    });
  });
});

const well = (endpoint: string) => ({ endpoint, state: 'answers', why: '', version: '3.6.5', keys: 0 });
const away = (endpoint: string) => ({
  endpoint,
  state: 'silent',
  why: 'connection refused',
  version: '',
  keys: null,
});

describe('before kubeadm begins, an external etcd', () => {
  const texts = new Map([
    ['/site/ca.crt', 'authority'],
    ['/site/client.crt', 'certificate'],
  ]);
  const checks = externalEtcdChecks(external, etcd, cp1, texts);
  const asClient = {
    members: [well(A), well(B)],
    certificate: { content: 'certificate' },
    key: { state: 'wanted' },
    apiServer: 'absent',
    marker: 'absent',
    admin: 'absent',
  };
  const outcomes = (answers: object) => {
    const all = checks.map((one) => diff(one, { ...asClient, ...answers }));
    return all.map((one) => (one?.answer === 'refused' ? one.check : one?.answer));
  };

  it('answers, is new enough and empty', () => {
    expect(outcomes({})).toEqual(['none', 'none', 'none']);
  });

  it('is asked as a client once the client has what it needs, and seen before', () => {
    for (const client of [{ key: { state: 'absent' } }, { certificate: { content: 'former' } }]) {
      expect(outcomes({ members: [well(A), { ...away(B), state: 'shut' }], ...client })).toEqual([
        'deferred',
        'deferred',
        'deferred',
      ]);
      expect(outcomes({ members: [well(A), away(B)], ...client })).toEqual([
        'ExternalEtcd',
        'deferred',
        'deferred',
      ]);
    }
  });

  it('is refused where it does not answer, is too old, or has another cluster in it', () => {
    expect(outcomes({ members: [well(A), away(B)] })).toEqual(['ExternalEtcd', 'none', 'none']);
    expect(outcomes({ members: [well(A), { ...well(B), version: '3.5.9' }] })).toEqual([
      'none',
      'ExternalEtcdVersion',
      'none',
    ]);
    expect(outcomes({ members: [well(A), { ...well(B), keys: 9 }] })).toEqual([
      'none',
      'none',
      'ExternalEtcdData',
    ]);
  });

  it('may lack a member where API servers run, and has their cluster in it', () => {
    const running = { apiServer: 'file', members: [{ ...well(A), keys: 9 }, away(B)] };
    expect(outcomes(running)).toEqual(['none', 'none', 'none']);
    expect(diff(checks[0], { ...asClient, ...running })).toMatchObject({
      notes: [`${B} of the external etcd: connection refused`],
    });
    expect(outcomes({ ...running, members: [away(A), away(B)] })).toEqual(['ExternalEtcd', 'none', 'none']);
    expect(outcomes({ ...running, key: { state: 'other' } })).toEqual(['deferred', 'deferred', 'deferred']);
  });

  it('may be older where API servers run, which is told', () => {
    const old = { ...asClient, apiServer: 'file', members: [{ ...well(A), version: '3.5.16' }] };
    expect(diff(checks[1], old)).toMatchObject({
      answer: 'none',
      notes: [expect.stringContaining('runs etcd 3.5.16')],
    });
  });

  it('is left to kubeadm where nobody can ask', () => {
    const unasked = { endpoint: A, state: 'unasked', why: 'there is no openssl', version: '', keys: null };
    expect(diff(checks[0], { ...asClient, members: [unasked] })).toMatchObject({
      answer: 'none',
      notes: [expect.stringContaining('install it')],
    });
  });
});
