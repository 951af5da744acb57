import { describe, expect, it } from 'vitest';

import { certificatePaths, KUBEADM_CERTIFICATES } from '#configuration/kubeadm-certificates.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Outcome } from '#core/resource.ts';
import { CONTROL_PLANE_LABEL } from '#facts/api.ts';
import type { CertificateAnswer } from '#facts/certificates.ts';
import { STATIC_PODS } from '#facts/static-pods.ts';
import { certificateNames, lackingNames } from '#resources/kubeadm/certificate-names.ts';
import { controlPlaneCertificates } from '#resources/kubeadm/control-plane-certificates.ts';
import { kubeadmJoin } from '#resources/kubeadm/kubeadm-join.ts';
import { kubeletCertificates, kubeletCredentials } from '#resources/kubeadm/kubelet-certificates.ts';

import { planningCase } from '../../../scripts/bench/planning-case.ts';

const { cluster: recorded } = await planningCase(2, 'done');
const [cp1, w1] = recorded.hosts as readonly [Host, Host];
const endpoint = '10.88.2.11';
const clusterOf = (renewBeforeMs?: number, certSANs: readonly string[] = []): Cluster => ({
  ...recorded,
  kubernetes: {
    ...recorded.kubernetes,
    controlPlaneEndpoint: `${endpoint}:6443`,
    apiServer: { ...recorded.kubernetes.apiServer, certSANs },
  },
  certificates: renewBeforeMs === undefined ? {} : { renewBeforeMs },
});
const renewing = clusterOf(30 * 86_400_000);

type States = Readonly<Record<string, Partial<CertificateAnswer>>>;

const certificate = (path: string, changes: Partial<CertificateAnswer> = {}): CertificateAnswer => ({
  path,
  mtime: '1000.000000000',
  state: 'valid',
  subject: 'CN=x',
  issuer: 'kubernetes',
  notAfter: '2026-12-18T00:00:00Z',
  names: [endpoint, 'cp1'],
  ...changes,
});

/** By kubeadm's name, or by path. */
const certificates = (changes: States): readonly CertificateAnswer[] =>
  certificatePaths('control-plane').map((path) => {
    const name = KUBEADM_CERTIFICATES.find((one) => one.path === path)?.name ?? path;
    return certificate(path, changes[name]);
  });

interface Changes {
  readonly states?: States;
  readonly createdAt?: object;
  readonly unready?: string;
  readonly kubelet?: string;
  readonly keys?: string;
  readonly api?: object;
  readonly isClusterHost?: boolean;
  readonly isFinalized?: boolean;
}

const READY = { state: 'ready', nodes: { cp1: { labels: { [CONTROL_PLANE_LABEL]: '' } } } };

function decide(cluster: Cluster, changes: Changes = {}): Outcome {
  const { states = {}, createdAt, unready = null, kubelet = 'active', keys = 'file', api = READY } = changes;
  const { isClusterHost = false, isFinalized = true } = changes;
  const one = controlPlaneCertificates(cluster, cp1, isClusterHost);
  const keyFacts = Object.keys(one.facts).filter((name) => name.endsWith('.key'));
  expect(keyFacts).toHaveLength(3);
  const answers = {
    certificates: certificates(states),
    pods: {
      createdAt: createdAt ?? Object.fromEntries(STATIC_PODS.map((pod) => [pod, '2000.000000000'])),
      unready,
    },
    kubelet: { active: kubelet },
    api,
    isFinalized,
    ...Object.fromEntries(keyFacts.map((name) => [name, keys])),
  };
  return one.diff(answers as never, { host: 'cp1', changed: [] });
}

const summaries = (outcome: Outcome): readonly string[] =>
  outcome.answer === 'change' ? outcome.steps.map(({ summary }) => summary) : [];

const notesOf = (outcome: Outcome): string => ('notes' in outcome ? (outcome.notes ?? []).join('\n') : '');

describe("a control plane's certificates", () => {
  it('that are valid are left alone', () => {
    expect(decide(renewing)).toEqual({ answer: 'none', why: expect.any(String) as string });
  });

  it('that are due are told of, and renewed where the inventory says so', () => {
    const states: States = { apiserver: { state: 'due' }, 'etcd-peer': { state: 'due' } };
    const told = decide(clusterOf(), { states });
    expect(told.answer).toBe('none');
    expect(notesOf(told)).toMatch(
      /^etcd-peer, apiserver end on 2026-12-18: certificates: {renewBefore: 30d}/,
    );
    const renewed = decide(renewing, { states });
    expect(renewed).toMatchObject({
      differences: [{ what: 'etcd-peer, apiserver', from: 'ends on 2026-12-18', to: 'renewed by kubeadm' }],
      restarts: ['etcd', 'kube-apiserver'],
    });
    expect(summaries(renewed)).toEqual([
      'kubeadm certs renew etcd-peer, apiserver',
      'restart etcd, kube-apiserver',
    ]);
  });

  it('that have ended are renewed in any case, for nothing works with them', () => {
    const states: States = { 'scheduler.conf': { state: 'expired' }, 'etcd-server': { state: 'due' } };
    const outcome = decide(clusterOf(), { states });
    expect(summaries(outcome)).toEqual(['kubeadm certs renew scheduler.conf', 'restart kube-scheduler']);
    expect(notesOf(outcome)).toContain('etcd-server ends on 2026-12-18');
  });

  it('that nobody runs on are renewed without a restart', () => {
    const states: States = { 'etcd-healthcheck-client': { state: 'due' }, 'admin.conf': { state: 'due' } };
    const outcome = decide(renewing, { states });
    expect(summaries(outcome)).toEqual(['kubeadm certs renew etcd-healthcheck-client, admin.conf']);
    expect(notesOf(outcome)).toContain('fetch them again, slipway kubeconfig');
    expect(outcome).toMatchObject({
      afterwards: [
        expect.stringContaining('fetch them again, slipway kubeconfig'),
        expect.stringContaining('cp /etc/kubernetes/admin.conf /root/.kube/config'),
      ],
    });
    expect(notesOf(outcome)).toContain('cp /etc/kubernetes/admin.conf /root/.kube/config');
  });

  it('that were signed elsewhere are named, and never asked of kubeadm', () => {
    const outcome = decide(renewing, { states: { apiserver: { state: 'expired' } }, keys: 'absent' });
    expect(outcome.answer).toBe('none');
    expect(notesOf(outcome)).toContain('kubeadm certs generate-csr');
  });

  it('of which the authority itself ends are told of', () => {
    const outcome = decide(renewing, { states: { '/etc/kubernetes/pki/etcd/ca.crt': { state: 'due' } } });
    expect(notesOf(outcome)).toContain('the authority /etc/kubernetes/pki/etcd/ca.crt ends on 2026-12-18');
  });

  it('that were written after a program was started have it restarted, by whomever they were written', () => {
    const states: States = { 'controller-manager.conf': { mtime: '2000.000000001' } };
    const outcome = decide(clusterOf(), { states });
    expect(outcome).toMatchObject({
      differences: [{ what: 'kube-controller-manager', from: 'running on former certificates' }],
      restarts: ['kube-controller-manager'],
    });
    expect(summaries(outcome)).toEqual(['restart kube-controller-manager']);
    const asOld = { 'controller-manager.conf': { mtime: '2000.000000000' } };
    expect(decide(clusterOf(), { states: asOld }).answer).toBe('none');
    // A copy of admin.conf is not run on.
    expect(decide(clusterOf(), { states: { 'admin.conf': { mtime: '3000.000000000' } } }).answer).toBe(
      'none',
    );
  });

  it('are renewed without a restart where no kubelet would start anything again, or the runtime is silent', () => {
    const states: States = { apiserver: { state: 'expired' } };
    expect(summaries(decide(clusterOf(), { states, kubelet: 'activating' }))).toEqual([
      'kubeadm certs renew apiserver',
    ]);
    expect(summaries(decide(clusterOf(), { states, createdAt: {} }))).toEqual([
      'kubeadm certs renew apiserver',
    ]);
  });

  it('have programs restarted that were started while they were renewed, and no others', () => {
    const { remedy } = controlPlaneCertificates(renewing, cp1, false).settle;
    const createdAt = Object.fromEntries(STATIC_PODS.map((pod) => [pod, '2000.000000000']));
    const stepsAt = (mtime: string, active: string): readonly string[] =>
      remedy
        ?.steps({
          certificates: certificates({ 'scheduler.conf': { mtime } }),
          pods: { createdAt, unready: null },
          kubelet: { active },
        } as never)
        .map(({ summary }) => summary) ?? [];
    expect(stepsAt('3000.000000000', 'active')).toEqual(['restart kube-scheduler']);
    expect(stepsAt('3000.000000000', 'activating')).toEqual([]);
    expect(stepsAt('1000.000000000', 'active')).toEqual([]);
  });

  it('hold up the others until its API server is ready, but not where that is for another reason', () => {
    const unready = 'Error from server: etcd failed';
    expect(decide(renewing, { unready })).toMatchObject({
      differences: [{ what: 'kube-apiserver', from: unready, to: 'ready' }],
      steps: [],
      restarts: ['kube-apiserver'],
    });
    // A join that was cut off, a cluster that does not answer, a program that is not there.
    const unmarked = { state: 'ready', nodes: { cp1: { labels: {} } } };
    expect(decide(renewing, { unready, api: unmarked }).answer).toBe('none');
    const silent = { unready, api: { state: 'unreachable', why: '' } };
    expect(decide(renewing, silent).answer).toBe('none');
    expect(decide(renewing, { ...silent, isClusterHost: true, isFinalized: false }).answer).toBe('none');
    // The cluster is asked through this very host: while it comes up, there is nobody to ask.
    expect(decide(renewing, { ...silent, isClusterHost: true }).answer).toBe('change');
    const createdAt = { 'kube-apiserver': '2000.000000000' };
    expect(decide(renewing, { unready, createdAt }).answer).toBe('none');
  });
});

describe('names of the API server', () => {
  it('that its certificate lacks have it made anew, and renewed it is not as well', () => {
    const cluster = clusterOf(30 * 86_400_000, ['api.example.test']);
    const outcome = decide(cluster, { states: { apiserver: { state: 'due' } } });
    expect(outcome).toMatchObject({
      differences: [{ what: 'names of apiserver', to: 'api.example.test' }],
      restarts: ['kube-apiserver'],
    });
    expect(summaries(outcome)[0]).toContain('kubeadm init phase certs apiserver');
    expect(summaries(outcome)).toHaveLength(2);
    expect(notesOf(decide(cluster, { keys: 'absent' }))).toContain('names api.example.test');
  });

  it.each([
    [['API.Example.test'], ['api.example.test'], []],
    [['fd00::1'], ['fd00:0:0:0:0:0:0:1'], []],
    [['10.0.0.5', '*.example.test'], ['*.example.test'], ['10.0.0.5']],
  ])('%j are compared as names and addresses with %j', (wanted, names, lacking) => {
    const found = certificate('x', { names: [endpoint, ...names] });
    expect(lackingNames(clusterOf(undefined, wanted), found)).toEqual(lacking);
  });

  it('are those of the endpoint too, and of no certificate that is not there', () => {
    const balanced = clusterOf();
    const { kubernetes } = balanced;
    const moved = { ...balanced, kubernetes: { ...kubernetes, controlPlaneEndpoint: '[fd00::9]:6443' } };
    expect(lackingNames(moved, certificate('x'))).toEqual(['fd00::9']);
    expect(lackingNames(moved, undefined)).toEqual([]);
    expect(lackingNames(moved, certificate('x', { state: 'unreadable' }))).toEqual([]);
  });

  it("are kept in kubeadm's ConfigMap, and nothing else of it moves", () => {
    const text = 'apiServer:\n  extraArgs:\n  - name: v\n    value: "4"\nkind: ClusterConfiguration\n';
    const one = certificateNames(clusterOf(undefined, ['a.test']));
    const outcome = one.diff({ api: { ...READY, clusterConfiguration: text } } as never, {
      host: 'cp1',
      changed: [],
    });
    expect(outcome).toMatchObject({ differences: [{ from: null, to: ['a.test'] }] });
    const script =
      outcome.answer === 'change' && outcome.steps[0]?.do === 'run' ? outcome.steps[0].script : '';
    expect(script).toContain('certSANs:\\n    - a.test');
    expect(script).toContain('extraArgs');
    const gone = certificateNames(clusterOf()).diff(
      {
        api: {
          ...READY,
          clusterConfiguration: text.replace('apiServer:', 'apiServer:\n  certSANs: [b.test]'),
        },
      } as never,
      { host: 'cp1', changed: [] },
    );
    expect(gone).toMatchObject({ differences: [{ from: ['b.test'], to: null }] });
  });
});

const client = (state: CertificateAnswer['state']): readonly CertificateAnswer[] => [
  certificate(KUBEADM_FILES.clientCertificate, { state }),
];

describe("a kubelet's certificates", () => {
  const context = { host: 'w1', changed: [] };

  it('that it has not renewed in time are told of', () => {
    const told = kubeletCertificates(renewing).diff({ found: client('due') } as never, context);
    expect(notesOf(told)).toContain('the kubelet has not renewed it');
    const own = [certificate('/var/lib/kubelet/pki/kubelet.crt', { state: 'expired' })];
    expect(notesOf(kubeletCertificates(renewing).diff({ found: own } as never, context))).toBe('');
  });

  it.each([
    ['expired', 'file', 'change'],
    ['due', 'file', 'none'],
    ['expired', 'absent', 'refused'],
  ] as const)('of a control plane, %s, with its authority %s: %s', (state, authorityKey, answer) => {
    const outcome = kubeletCredentials(renewing, cp1).diff(
      { found: client(state), authorityKey } as never,
      context,
    );
    expect(outcome.answer).toBe(answer);
  });

  const joined = {
    api: { state: 'ready', nodes: { w1: { labels: {} } } },
    isRunning: false,
    kubeletConfig: 'file',
    certificateAuthority: { type: 'file', content: 'authority' },
    clusterAuthority: { type: 'file', content: 'authority' },
    isStarted: 'file',
    credentials: 'file',
    bootstrap: 'absent',
    etcdData: 'absent',
  };

  it('of a worker that have ended are got anew with a token, and its node stays', () => {
    const outcome = kubeadmJoin(renewing, w1).diff(
      { ...joined, certificates: client('expired') } as never,
      context,
    );
    expect(outcome).toMatchObject({
      answer: 'change',
      differences: [{ what: KUBEADM_FILES.clientCertificate, from: 'expired' }],
    });
    expect(summaries(outcome)[0]).toContain('remove the credentials');
    const unregistered = { ...joined, api: { state: 'ready', nodes: {} }, certificates: client('expired') };
    expect(summaries(kubeadmJoin(renewing, w1).diff(unregistered as never, context))).toEqual([
      'remove the credentials of the kubelet, which have expired',
      expect.any(String) as string,
      'kubeadm join, going on where it was cut off',
    ]);
    const due = kubeadmJoin(renewing, w1).diff({ ...joined, certificates: client('due') } as never, context);
    expect(summaries(due)).not.toContain('remove the credentials of the kubelet, which have expired');
  });
});
