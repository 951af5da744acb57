import { describe, expect, it } from 'vitest';

import type { Drain } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { EvictedPod } from '#facts/evictions.ts';
import { drained, inService } from '#resources/cluster/drain.ts';

import { clusterWith, worker } from '../../laws/fixtures.ts';

const MARK = { 'slipway/cordoned': 'true' };
const DRAINED = { 'slipway/drained': 'true' };
const cluster = clusterWith();

const withDrain = (settings: Partial<Drain>) => ({
  ...cluster,
  upgrade: { ...cluster.upgrade, drain: { ...cluster.upgrade.drain, ...settings } },
});

const api = (node: object): object => ({
  state: 'ready',
  nodes: { w1: { annotations: {}, isCordoned: false, isReady: true, message: '', ...node } },
});

const pod = (name: string, more: Partial<EvictedPod> = {}): EvictedPod => ({
  node: 'w1',
  name,
  isBare: false,
  usesGpus: false,
  blockedBy: [],
  ...more,
});

const diff = (resource: Resource, node: object, pods: readonly EvictedPod[] | null = []): Outcome =>
  resource.diff({ api: api(node), pods } as never, { host: 'w1', changed: [] });

const drain = (node: object, pods?: readonly EvictedPod[] | null, settings: Partial<Drain> = {}) =>
  diff(drained({ cluster: withDrain(settings), host: worker, unless: null }), node, pods);

const scriptOf = (outcome: Outcome): string =>
  outcome.answer === 'change'
    ? outcome.steps.map((step) => (step.do === 'run' ? step.script : '')).join('\n')
    : '';

const kubectl = 'kubectl --kubeconfig=/etc/kubernetes/admin.conf --cache-dir=/dev/null/none';

describe('a node that is drained', () => {
  it('is marked before it is cordoned, and again when it is drained', () => {
    expect(scriptOf(drain({})).replaceAll(kubectl, 'kubectl').split('\n')).toEqual([
      'kubectl annotate node w1 --overwrite slipway/cordoned=true',
      'kubectl cordon w1',
      'kubectl drain w1 --ignore-daemonsets --delete-emptydir-data --timeout=60s',
      'kubectl annotate node w1 --overwrite slipway/drained=true',
    ]);
  });

  it('gets the flags that the inventory asks for', () => {
    const script = scriptOf(
      drain({}, [], { gracePeriod: 0, force: true, disableEviction: true, timeoutMs: 90_000 }),
    );
    expect(script).toContain('--timeout=90s --grace-period=0 --force --disable-eviction\n');
  });

  it('that somebody else has cordoned is not marked as ours', () => {
    const outcome = drain({ isCordoned: true });
    expect(scriptOf(outcome)).not.toContain('slipway/cordoned');
    expect(outcome).toMatchObject({
      notes: ['node w1 was cordoned by somebody else, and stays cordoned'],
    });
  });

  it('is right only while it is cordoned', () => {
    expect(drain({ isCordoned: true, annotations: { ...MARK, ...DRAINED } }).answer).toBe('none');
    expect(drain({ isCordoned: true, annotations: DRAINED }).answer).toBe('none');
    expect(drain({ isCordoned: false, annotations: { ...MARK, ...DRAINED } }).answer).toBe('change');
    expect(drain({ isCordoned: true, annotations: MARK }).answer).toBe('change');
  });

  it('says which pods leave, those with GPUs apart, and what keeps them', () => {
    const pods = [
      pod('shop/web-1', { blockedBy: ['shop/web'] }),
      pod('ml/train-0', { usesGpus: true }),
      pod('shop/bare', { isBare: true }),
      pod('shop/other', { node: 'w2' }),
    ];
    expect(drain({}, pods)).toMatchObject({
      differences: [
        { what: 'schedulable', from: true, to: false },
        { what: 'pods', from: '3 that leave', to: 'drained' },
      ],
      notes: [
        'leave w1: shop/bare, shop/web-1',
        'leave w1, and have GPUs: ml/train-0',
        'no controller makes shop/bare anew: the drain fails unless upgrade.drain.force is true',
        'PodDisruptionBudget shop/web lets no pod go now: the drain of w1 waits up to 60 s for it',
      ],
    });
    expect(drain({}, pods, { force: true, disableEviction: true })).toMatchObject({
      notes: [
        'leave w1: shop/bare, shop/web-1',
        'leave w1, and have GPUs: ml/train-0',
        'no controller makes shop/bare anew: gone for good',
      ],
    });
  });

  it('names no more pods than a person reads', () => {
    const pods = Array.from({ length: 30 }, (_, index) => pod(`a/p${String(index).padStart(2, '0')}`));
    expect(drain({}, pods)).toMatchObject({
      notes: ['leave w1: a/p00, a/p01, a/p02, a/p03, a/p04, a/p05, a/p06, a/p07, a/p08, a/p09 and 20 more'],
    });
  });

  it('waits for its node', () => {
    const resource = drained({ cluster, host: { ...worker, name: 'w9' }, unless: null });
    expect(diff(resource, {})).toMatchObject({ answer: 'deferred', waitsFor: { host: 'w9', phase: 'join' } });
  });
});

const back = (node: object): Outcome => diff(inService(cluster, worker), node);

describe('a node that goes back into service', () => {
  it('is uncordoned before its marks go', () => {
    const outcome = back({ isCordoned: true, annotations: { ...MARK, ...DRAINED } });
    expect(scriptOf(outcome).replaceAll(kubectl, 'kubectl').split('\n')).toEqual([
      'kubectl uncordon w1',
      'kubectl annotate node w1 slipway/cordoned- slipway/drained-',
    ]);
  });

  it('stays cordoned where somebody else has cordoned it', () => {
    expect(back({ isCordoned: true }).answer).toBe('none');
    const outcome = back({ isCordoned: true, annotations: DRAINED });
    expect(scriptOf(outcome)).not.toContain('uncordon');
    expect(outcome).toMatchObject({ differences: [{ what: 'annotation slipway/drained' }] });
  });

  it('loses a mark that a run has left which was cut off before it cordoned, or after it uncordoned', () => {
    expect(back({ annotations: MARK })).toMatchObject({
      differences: [{ what: 'annotation slipway/cordoned', from: 'true', to: null }],
    });
  });

  it('is waited for until it is Ready, and uncordoned then', () => {
    const node = {
      isCordoned: true,
      annotations: MARK,
      isReady: false,
      message: 'container runtime is down',
    };
    const resource = inService(cluster, worker);
    expect(diff(resource, node)).toMatchObject({
      differences: [
        { what: 'Ready', from: 'container runtime is down', to: 'True' },
        { what: 'schedulable', from: false, to: true },
        {},
      ],
      steps: [],
    });
    const steps = (found: object) => resource.settle.remedy?.steps({ api: api(found) } as never);
    expect(steps(node)).toEqual([]);
    expect(steps({ ...node, isReady: true })).toMatchObject([{ summary: 'uncordon node w1' }]);
  });
});
