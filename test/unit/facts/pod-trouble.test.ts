import { describe, expect, it } from 'vitest';

import { readObjects } from '#facts/kubernetes-object.ts';
import { podTroubles } from '#facts/pod-trouble.ts';

const pod = (status: object, name = 'web'): object => ({
  kind: 'Pod',
  metadata: { name, namespace: 'n' },
  spec: { nodeName: 'w1' },
  status,
});
const waiting = (reason: string, message?: string, more: object = {}): object => ({
  containerStatuses: [{ name: 'c', image: 'r/i:1', state: { waiting: { reason, message } }, ...more }],
});
const event = (reason: string, message: string, name = 'web', kind = 'Pod'): object => ({
  kind: 'Event',
  metadata: { name: 'e' },
  reason,
  message,
  involvedObject: { kind, name },
});
const node = (name: string, ...taints: readonly object[]): object => ({
  kind: 'Node',
  metadata: { name },
  spec: { taints },
});
const read = (...items: readonly object[]) => podTroubles(readObjects(JSON.stringify({ items })));

describe('troubles of pods', () => {
  it('name the cause of an image that is backed off from, which the event has', () => {
    const cause = event('Failed', 'Failed to pull image "r/i:1": dial tcp: connection\n  refused');
    expect(read(pod(waiting('ImagePullBackOff', 'Back-off pulling image')), cause)).toMatchObject([
      {
        kind: 'image pull',
        message:
          'web on w1 cannot have the image r/i:1: Failed to pull image "r/i:1": dial tcp: connection refused',
      },
    ]);
  });

  it.each([
    [
      'scheduling',
      { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes are available' }] },
      'web on w1 finds no node: 0/2 nodes are available',
    ],
    [
      'scheduling',
      {
        conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1: 1 had untolerated taint(s).' }],
      },
      'web on w1 finds no node: 0/1: 1 had untolerated taint(s)',
    ],
    [
      'container',
      waiting('CrashLoopBackOff', 'back-off', {
        restartCount: 3,
        lastState: { terminated: { exitCode: 127, reason: 'Error' } },
      }),
      'web on w1: container c ended with code 127, started again 3 times: Error',
    ],
    [
      'container',
      waiting('CreateContainerError', 'no sh'),
      'web on w1: container c: CreateContainerError: no sh',
    ],
    ['start', { phase: 'Running' }, 'web on w1 is running, not ready'],
  ])('tell %s by the state', (kind, status, message) => {
    expect(read(pod(status))).toMatchObject([{ kind, message }]);
  });

  it.each([
    ['sandbox', event('FailedCreatePodSandBox', 'no bridge'), 'web on w1 gets no sandbox: no bridge'],
    ['readiness', event('Unhealthy', 'connection refused'), 'web on w1 is not ready: connection refused'],
  ])('tell %s by the last event of that pod', (kind, said, message) => {
    const others = [event('FailedCreatePodSandBox', 'old', 'other'), event('Unhealthy', 'old', 'other')];
    const [first] = read(pod(waiting('ContainerCreating')), ...others, said);
    expect(first).toMatchObject({ kind, message });
  });

  it('name the taints that the scheduler counts', () => {
    const unscheduled = { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes' }] };
    const troubles = read(
      pod(unscheduled),
      node('cp1', { key: 'a/b', effect: 'NoSchedule' }),
      node('w1'),
      node('w2', { key: 'x', value: 'y', effect: 'NoExecute' }),
    );
    expect(troubles[0]?.hint).toBe('cp1 has a/b:NoSchedule; w2 has x=y:NoExecute');
  });

  it('tell that a controller may make no pod', () => {
    expect(read(event('FailedCreate', 'exceeded quota', 'web-1', 'ReplicaSet'))).toEqual([
      { kind: 'admission', message: 'ReplicaSet web-1 may make no pod: exceeded quota' },
    ]);
  });

  it('come once, causes first, and not from pods that are done', () => {
    const crash = waiting('CreateContainerError', 'no sh');
    const unscheduled = { conditions: [{ type: 'PodScheduled', status: 'False' }] };
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    const troubles = read(
      pod(crash),
      pod(crash),
      pod(unscheduled, 'b'),
      pod(ready, 'c'),
      pod({ phase: 'Succeeded' }, 'd'),
    );
    expect(troubles.map(({ kind }) => kind)).toEqual(['scheduling', 'container']);
  });
});
