import { describe, expect, it } from 'vitest';

import { change, none, type Outcome, resource } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import { sh } from '#core/shell.ts';
import type { PodState, WorkloadState } from '#facts/workloads.ts';
import { rolledOut } from '#resources/cluster/rolled-out.ts';

const APPLY: Step = { do: 'run', summary: 'apply', script: sh`:` };
const OLD = change([{ what: 'image', from: 'a', to: 'b' }], [APPLY]);
const RIGHT = none('the cluster has it as it is');
const WORKLOAD = { kind: 'DaemonSet', namespace: 'n', name: 'web', selector: 'app=web' } as const;

const objects = (own: Outcome) => resource({ address: 'manifest:x', facts: {}, diff: () => own });

interface Found {
  readonly own?: Outcome;
  readonly rollout?: readonly WorkloadState[] | null;
  readonly lost?: readonly string[];
}

function judged({ own = RIGHT, rollout = [], lost = [] }: Found) {
  const { diff, settle } = rolledOut(objects(own), { of: [WORKLOAD], timeoutSeconds: 660 });
  const nodes = Object.fromEntries(['w1', 'w2'].map((name) => [name, { isLost: lost.includes(name) }]));
  const answers = { api: { state: 'ready', nodes }, rollout } as never;
  return { outcome: diff(answers, { host: 'cp1', changed: [] }), hopeless: settle.hopeless?.(answers) };
}

const web = (changes: Partial<WorkloadState> = {}): WorkloadState => ({
  name: 'DaemonSet n/web',
  rollout: 'new',
  counts: '1 of 2 pods ready',
  pods: [],
  ...changes,
});
const pod = (why: string, changes: Partial<PodState> = {}): PodState => ({
  node: 'w1',
  why,
  isStuck: false,
  ...changes,
});

describe('objects whose pods are waited for', () => {
  it('are applied first, and waited for without a step', () => {
    expect(judged({ own: OLD, rollout: [web()] }).outcome).toEqual(OLD);
    expect(judged({ rollout: [web()] }).outcome).toEqual(
      change([{ what: 'DaemonSet n/web', from: '1 of 2 pods ready', to: 'rolled out' }]),
    );
    expect(judged({ rollout: [web({ rollout: 'done' })] }).outcome).toEqual(RIGHT);
  });

  it('are waited for while the API server does not answer', () => {
    expect(judged({ rollout: null }).outcome).toMatchObject({
      answer: 'change',
      differences: [{ from: 'the API server does not answer' }],
    });
  });

  it('do not wait for nodes that nobody hears from', () => {
    const rollout = [web({ pods: [pod('a on w1 is running, not ready')] })];
    expect(judged({ rollout, lost: ['w1'] }).outcome).toEqual(RIGHT);
    expect(judged({ rollout, lost: ['w2'] }).outcome).toMatchObject({ answer: 'change' });
    expect(judged({ rollout: [web({ rollout: 'old' })], lost: ['w1'] }).outcome).toMatchObject({
      answer: 'change',
    });
  });

  it('do not wait for pods on a node that was deleted, which the cluster collects', () => {
    const onGone = pod('a on w9 is running, not ready', { node: 'w9' });
    expect(judged({ rollout: [web({ pods: [onGone] })] }).outcome).toEqual(RIGHT);
    expect(judged({ rollout: [web({ rollout: 'old', pods: [onGone] })] }).outcome).toMatchObject({
      answer: 'change',
    });
    const both = [onGone, pod('b on w1 is running, not ready')];
    expect(judged({ rollout: [web({ pods: both })] }).outcome).toMatchObject({
      differences: [{ from: '1 of 2 pods ready; b on w1 is running, not ready' }],
    });
    const unscheduled = pod('c cannot be scheduled', { node: '' });
    expect(judged({ rollout: [web({ pods: [unscheduled] })] }).outcome).toMatchObject({ answer: 'change' });
  });

  it('tell of one pod, the one with the most to say', () => {
    const pods = [pod('a on w1: short'), pod('b on w1: a longer story'), pod('c on w2', { node: 'w2' })];
    expect(judged({ rollout: [web({ pods })] }).outcome).toMatchObject({
      differences: [{ from: '1 of 2 pods ready; b on w1: a longer story; 2 more' }],
    });
  });

  it('are given up where a pod waits for what time does not bring', () => {
    const stuck = ['b on w1 cannot have the image x', 'c on w1 crashes'].map((why) =>
      pod(why, { isStuck: true }),
    );
    const pods = [pod('a on w1 is slow'), ...stuck];
    expect(judged({ rollout: [web({ pods })] }).hopeless).toBe(
      'DaemonSet n/web: 1 of 2 pods ready; b on w1 cannot have the image x; c on w1 crashes',
    );
    expect(judged({ rollout: [web({ pods })], lost: ['w1'] }).hopeless).toBeUndefined();
    expect(judged({ rollout: [web({ pods: [pod('a on w1 is slow')] })] }).hopeless).toBeUndefined();
  });

  it('are given up where they differ although they were applied', () => {
    expect(judged({ own: OLD }).hopeless).toBe('it was applied, and is not as wanted: image is a, wanted b');
  });

  it('are not looked at where nobody waits for them', () => {
    const applied = objects(RIGHT);
    expect(rolledOut(applied, { of: 'web', timeoutSeconds: 0 })).toBe(applied);
  });
});
