import { describe, expect, it } from 'vitest';

import { podsOf } from '#facts/pods.ts';

const { family } = podsOf('kube-system', 'k8s-app=calico-node');

const read = (...items: readonly object[]): unknown =>
  family.parse(`${JSON.stringify({ items })}\n===\n`, [{}] as never)[0];

const pod = (status: object, changes: object = {}): object => ({
  metadata: { name: 'a', ...changes },
  spec: { nodeName: 'w1' },
  status,
});

describe('pods', () => {
  it.each([
    [
      'an image',
      {
        containerStatuses: [
          { name: 'c', state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off' } } },
        ],
      },
      'it cannot have the image of c: Back-off',
    ],
    [
      'the scheduler',
      { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes' }] },
      'it finds no node: 0/1 nodes',
    ],
    [
      'a crash',
      {
        containerStatuses: [
          {
            name: 'c',
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 2 } },
          },
        ],
      },
      'it: container c ended with code 2',
    ],
    [
      'an init container',
      { initContainerStatuses: [{ name: 'i', state: { terminated: { exitCode: 1 } } }] },
      'it: container i ended with code 1',
    ],
    [
      'a start',
      { containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ContainerCreating' } } }] },
      'it is not started',
    ],
  ])('that wait for %s say so', (_, status, why) => {
    expect(read(pod(status))).toEqual([{ name: 'a', node: 'w1', isReady: false, why }]);
  });

  it('that are ready have nothing to say, and those about to go are left out', () => {
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    expect(read(pod(ready), pod(ready, { deletionTimestamp: '2026-11-21T00:00:00Z' }))).toEqual([
      { name: 'a', node: 'w1', isReady: true, why: '' },
    ]);
  });

  it('of a cluster that cannot be asked are none', () => {
    expect(family.parse('===\n', [{}] as never)).toEqual([[]]);
  });
});
