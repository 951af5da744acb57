import { describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';

import { type Case, NEW, OLD, outcomes, planOf, turns } from './upgrade-model.ts';

const ALL = { cp1: {}, cp2: {}, cp3: {}, w1: {}, w2: {}, w3: {} };

/** `change kubeadm-upgrade`: what is to be done in the phase, in its order. */
const pending = (plan: Plan, host: string, phase = 'upgrade'): readonly string[] =>
  Object.entries(outcomes(plan, host, phase)).flatMap(([address, { answer }]) =>
    answer === 'none' ? [] : [`${answer} ${address}`],
  );

const refusals = ({ nodes }: Plan): readonly string[] =>
  nodes.flatMap(({ host, phase, outcome }) =>
    outcome.answer === 'refused' && phase === 'upgrade' ? [`${host}: ${outcome.check}: ${outcome.why}`] : [],
  );

const whole = (name: string): readonly string[] => [
  'change packages:kubeadm',
  'change kubeadm-upgrade',
  `change drain:${name}`,
  'change packages:kubelet',
  'deferred kubelet-version',
  `deferred uncordon:${name}`,
];

describe('an upgrade over a minor', () => {
  it('is shown node by node, and done control planes first', async () => {
    const plan = await planOf({ hosts: ALL });
    expect(pending(plan, 'cp1')).toEqual(['change etcd-snapshot', ...whole('cp1')]);
    for (const name of Object.keys(ALL).slice(1)) expect(pending(plan, name)).toEqual(whole(name));
    expect(turns(plan)).toEqual([['cp1'], ['cp2'], ['cp3'], ['w1'], ['w2'], ['w3']]);
    expect(refusals(plan)).toEqual([]);
  });

  it('reads as it did', async () => {
    const pods = [
      { node: 'w1', name: 'ml/train', isBare: false, usesGpus: true, blockedBy: ['ml/all'] },
      { node: 'w1', name: 'shop/bare', isBare: true, usesGpus: false, blockedBy: [] },
    ];
    const plan = await planOf({ hosts: { cp1: {}, cp2: {}, w1: {}, w2: {} }, pods });
    const own = { ...plan, nodes: plan.nodes.filter(({ phase }) => phase === 'upgrade') };
    const text = renderTextPlan(own, { color: false, verbose: false, width: 100 });
    await expect(text).toMatchFileSnapshot('../../plans/upgrade.plan.txt');
  });

  it('is kubeadm upgrade apply once, and kubeadm upgrade node elsewhere', async () => {
    const plan = await planOf({ hosts: ALL });
    const summaries = Object.keys(ALL).map((name) => {
      const outcome = outcomes(plan, name)['kubeadm-upgrade'];
      return outcome?.answer === 'change' ? outcome.steps.map(({ summary }) => summary).join() : '';
    });
    expect(summaries).toEqual([
      `kubeadm upgrade apply v${NEW}`,
      ...Array<string>(5).fill('kubeadm upgrade node'),
    ]);
  });

  it('leaves the packages of these nodes to its own phase', async () => {
    const plan = await planOf({ hosts: ALL });
    expect(pending(plan, 'w1', 'kubernetes')).not.toContainEqual(expect.stringContaining('packages:'));
    expect(outcomes(plan, 'w1', 'kubernetes')['packages:kubernetes']).toEqual({
      answer: 'none',
      why: `of a node that runs ${OLD}: phase upgrade changes it`,
    });
  });

  it('defers what kubeadm writes over', async () => {
    const plan = await planOf({ hosts: ALL });
    const waiting = plan.nodes.filter(
      ({ outcome }) => outcome.answer === 'deferred' && outcome.waitsFor.phase === 'upgrade',
    );
    const ids = waiting.map(({ id }) => id);
    expect(ids).toContain('cp1/kube-proxy/kube-proxy');
    expect(ids).toContain('cp1/control-plane/kubelet-config');
    expect(ids).toContain('w1/kubelet/file:/var/lib/kubelet/config.yaml');
  });

  it.each([
    ["'2'", [['w1', 'w2'], ['w3']]],
    ["'50%'", [['w1'], ['w2'], ['w3']]],
    ["'67%'", [['w1', 'w2'], ['w3']]],
    ["'1%'", [['w1'], ['w2'], ['w3']]],
    ["'100%'", [['w1', 'w2', 'w3']]],
  ])('has %s of the workers out of service at once', async (maxUnavailable, batches) => {
    const plan = await planOf({ hosts: ALL, upgrade: `{maxUnavailable: ${maxUnavailable}}` });
    expect(turns(plan)?.slice(3)).toEqual(batches);
  });

  it('saves no snapshot of etcd where none is wanted', async () => {
    const plan = await planOf({ hosts: ALL, upgrade: '{snapshot: false}' });
    expect(pending(plan, 'cp1')).toEqual(whole('cp1'));
  });

  it('drains nothing where drains are not wanted', async () => {
    const plan = await planOf({ hosts: ALL, upgrade: '{drain: {when: never}}' });
    expect(pending(plan, 'w1')).not.toContainEqual(expect.stringContaining('drain:'));
  });

  it('does one host where the plan is limited to it', async () => {
    const done = { installed: NEW };
    const plan = await planOf({ hosts: { cp1: done, w1: {}, w2: {} }, limit: ['w2'] });
    expect(pending(plan, 'w2')).toEqual(whole('w2'));
    expect(plan.nodes.some(({ host }) => host === 'w1')).toBe(false);
    expect(refusals(plan)).toEqual([]);
  });

  it('names the pods that leave', async () => {
    const pods = [{ node: 'w1', name: 'ml/train', isBare: false, usesGpus: true, blockedBy: [] }];
    const plan = await planOf({ hosts: ALL, pods });
    expect(outcomes(plan, 'w1')['drain:w1']).toMatchObject({ notes: ['leave w1, and have GPUs: ml/train'] });
  });
});

describe('an upgrade over a patch', () => {
  const hosts = { cp1: { installed: '1.35.2' }, w1: { installed: '1.35.2' } };

  it('drains no node', async () => {
    const plan = await planOf({ hosts });
    expect(pending(plan, 'w1')).toEqual(whole('w1').filter((line) => line !== 'change drain:w1'));
  });

  it('drains where drains are always wanted', async () => {
    const plan = await planOf({ hosts, upgrade: '{drain: {when: always}}' });
    expect(pending(plan, 'w1')).toEqual(whole('w1'));
  });
});

describe('an upgrade that was cut off', () => {
  const done = { installed: NEW };
  const marks = { 'slipway/cordoned': 'true', 'slipway/drained': 'true' };

  it('goes on with the node that it has begun with, before the others', async () => {
    const begun = { record: NEW, isCordoned: true, annotations: marks };
    const plan = await planOf({ hosts: { cp1: done, w1: {}, w2: begun } });
    expect(pending(plan, 'w2')).toEqual([
      'change packages:kubeadm',
      'change packages:kubelet',
      'deferred kubelet-version',
      'deferred uncordon:w2',
    ]);
    expect(turns(plan)).toEqual([['w2'], ['w1']]);
  });

  it('restarts a kubelet that runs on after its package is there, and puts its node back', async () => {
    const left = { installed: NEW, runs: OLD, isCordoned: true, annotations: marks };
    const plan = await planOf({ hosts: { cp1: done, w1: left } });
    expect(pending(plan, 'w1')).toEqual(['change kubelet-version', 'change uncordon:w1']);
  });

  it('puts back a node that is as it should be', async () => {
    const left = { installed: NEW, isCordoned: true, annotations: marks };
    const plan = await planOf({ hosts: { cp1: done, w1: left } });
    expect(pending(plan, 'w1')).toEqual(['change uncordon:w1']);
  });

  it('puts back what it has cordoned when the inventory goes back to what the node runs', async () => {
    const left = { isCordoned: true, annotations: marks };
    const plan = await planOf({ wanted: OLD, hosts: { cp1: {}, w1: left } });
    expect(pending(plan, 'w1')).toEqual(['change uncordon:w1']);
  });

  it('runs kubeadm again where the manifest is not of the version that was written down', async () => {
    const plan = await planOf({ hosts: { cp1: { record: '1.35.5' } } });
    expect(pending(plan, 'cp1')).toContain('change kubeadm-upgrade');
  });
});

describe('without an upgrade', () => {
  it('a cluster has nothing to do in the phase, and waits for it nowhere', async () => {
    const hosts = Object.fromEntries(Object.keys(ALL).map((name) => [name, { installed: NEW }]));
    const plan = await planOf({ hosts });
    for (const name of Object.keys(ALL)) expect(pending(plan, name)).toEqual([]);
    expect(turns(plan)).toBeUndefined();
    expect(JSON.stringify(plan.nodes.map(({ outcome }) => outcome))).not.toContain('"phase":"upgrade"');
  });

  it('a fresh machine is none that is upgraded', async () => {
    const plan = await planOf({ hosts: { cp1: { installed: NEW }, w1: null } });
    expect(pending(plan, 'w1')).toEqual([]);
  });

  it('a node that somebody has cordoned stays so', async () => {
    const plan = await planOf({
      hosts: { cp1: { installed: NEW }, w1: { installed: NEW, isCordoned: true } },
    });
    expect(pending(plan, 'w1')).toEqual([]);
  });
});

describe('an upgrade is refused', () => {
  it.each<readonly [string, Case, string]>([
    [
      'where it would go back',
      { hosts: { cp1: { installed: '1.36.3' } } },
      'cp1: KubernetesVersion: cp1 is a node that runs Kubernetes 1.36.3, and the inventory wants 1.35.6: there is no way back',
    ],
    [
      'where it would go back by a patch',
      { hosts: { cp1: { installed: '1.35.10' } } },
      'cp1: KubernetesVersion: cp1 is a node that runs Kubernetes 1.35.10, and the inventory wants 1.35.6: there is no way back',
    ],
    [
      'over two minors',
      { wanted: '1.36.4', hosts: { cp1: {} } },
      'cp1: KubernetesVersion: cp1 is a node that runs Kubernetes 1.34.9, and the inventory wants 1.36.4: an upgrade goes by one minor at a time',
    ],
    [
      'while a control plane is not Ready',
      { hosts: { cp1: {}, cp2: { isReady: false } } },
      'cp1: ControlPlanesReady: cp2 is not Ready: kubelet is down; kubeadm upgrades no cluster like that',
    ],
    [
      'where somebody asks for what it no longer has',
      {
        hosts: { cp1: {} },
        askedFor: [
          { name: 'a/v1beta1 things', removedIn: '1.35' },
          { name: 'a/v1beta2 things', removedIn: '1.36' },
        ],
      },
      'cp1: DeprecatedApis: the API server was asked for a/v1beta1 things (gone in 1.35)',
    ],
    [
      'where no node takes pods',
      { hosts: { cp1: { isCordoned: true }, w1: { isCordoned: true } } },
      'cp1: NodesSchedulable: all nodes are cordoned: what is drained from one finds no other',
    ],
    [
      'from an etcd whose removed members would come back',
      { wanted: '1.34.9', hosts: { cp1: { installed: '1.33.5', etcd: '3.5.24-0' } } },
      'cp1: EtcdVersion: etcd 3.5.24-0 runs on cp1, and 3.5.26 is the oldest that may be upgraded to the etcd of Kubernetes 1.34',
    ],
    [
      'from an etcd that the next one does not follow',
      { wanted: '1.37.1', hosts: { cp1: { installed: '1.36.1', etcd: '3.6.8-0' } } },
      'cp1: EtcdVersion: etcd 3.6.8-0 runs on cp1, and 3.6.11 is the oldest that may be upgraded to the etcd of Kubernetes 1.37',
    ],
    [
      'where there is no room for a copy of etcd',
      { hosts: { cp1: { etcdKib: 900 * 1024 * 1024 } } },
      "cp1: EtcdBackupSpace: kubeadm keeps a copy of etcd's data in /etc/kubernetes/tmp as it upgrades: 1013760 MiB, and 102400 MiB are free",
    ],
    [
      'with flags that the next etcd does not know',
      {
        wanted: '1.37.1',
        hosts: { cp1: { installed: '1.36.4', etcd: '3.6.11-0' } },
        configuration:
          'etcd:\n  local:\n    extraArgs:\n      - {name: experimental-watch-progress-notify-interval, value: 5s}\n      - {name: quota-backend-bytes, value: "8"}\n',
      },
      'cp1: EtcdFlags: etcd is given experimental-watch-progress-notify-interval, with which that of Kubernetes 1.37 does not start',
    ],
  ])('%s', async (_, given, wanted) => {
    expect(refusals(await planOf(given))).toEqual([wanted]);
  });

  it('over two minors with the next stop named', async () => {
    const plan = await planOf({ wanted: '1.36.4', hosts: { cp1: {} } });
    expect(outcomes(plan, 'cp1')['check:KubernetesVersion']).toMatchObject({
      hint: 'upgrade to 1.35.9 first: kubernetes.version: 1.35.9',
    });
  });

  it('by no gate that the inventory ignores', async () => {
    const hosts = { cp1: {}, cp2: { isReady: false } };
    expect(refusals(await planOf({ hosts, ignoreChecks: '[ControlPlanesReady]' }))).toEqual([]);
  });

  it('for no worker that is three minors behind, and for one that is four', async () => {
    const done = { installed: '1.36.4' };
    const wanted = '1.36.4';
    expect(refusals(await planOf({ wanted, hosts: { cp1: done, w1: { installed: '1.33.8' } } }))).toEqual([]);
    expect(
      refusals(await planOf({ wanted, hosts: { cp1: done, w1: { installed: '1.32.9' } } })),
    ).toHaveLength(1);
  });

  it.each<readonly [string, Case]>([
    [
      'etcd that is new enough',
      { wanted: '1.37.1', hosts: { cp1: { installed: '1.36.4', etcd: '3.6.11-0' } } },
    ],
    [
      'an old etcd over a patch',
      { wanted: '1.33.8', hosts: { cp1: { installed: '1.33.5', etcd: '3.5.21-0' } } },
    ],
    [
      'a control plane that is not Ready while nothing is upgraded',
      { hosts: { cp1: { installed: NEW }, cp2: { installed: NEW, isReady: false } } },
    ],
    [
      'a control plane that was off while the others were upgraded',
      { hosts: { cp1: { installed: NEW }, cp2: { isReady: false } }, limit: ['cp1'] },
    ],
    ['one node that takes pods', { hosts: { cp1: { isCordoned: true }, w1: {} } }],
  ])('not with %s', async (_, given) => {
    expect(refusals(await planOf(given))).toEqual([]);
  });
});
