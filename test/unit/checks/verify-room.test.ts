import { describe, expect, it } from 'vitest';

import { obstaclesTo } from '#checks/verify/verify-room.ts';

const condition = (type: string, message: string, status = 'True'): object => ({ type, status, message });
const left = (conditions: readonly object[], ...pods: readonly object[]): string =>
  `${JSON.stringify({ metadata: { name: 'n' }, status: { conditions } })}\n===\n${JSON.stringify({ items: pods })}`;

describe('a namespace that stays', () => {
  it('names the API that cannot be asked, and not what only follows', () => {
    const discovery = condition('NamespaceDeletionDiscoveryFailure', 'metrics.k8s.io/v1beta1: stale');
    const remaining = condition('NamespaceContentRemaining', 'some content remains');
    const passed = condition('NamespaceDeletionContentFailure', 'all deleted', 'False');
    expect(obstaclesTo(left([remaining, passed, discovery]))).toEqual([
      { kind: 'deletion', message: 'metrics.k8s.io/v1beta1: stale' },
    ]);
  });

  it('names pods that do not end before what follows from them', () => {
    const failure = condition('NamespaceDeletionContentFailure', 'unexpected items still remain');
    const pods = [
      { metadata: { name: 'client' }, spec: { nodeName: 'cp1' } },
      { metadata: { name: 'web' }, spec: {} },
    ];
    expect(obstaclesTo(left([failure], ...pods)).map(({ message }) => message)).toEqual([
      'pods do not end: client on cp1, web on no node',
      'unexpected items still remain',
    ]);
  });

  it('has nothing to say once it is gone', () => {
    expect(obstaclesTo('\n===\n{"items": []}')).toEqual([]);
  });
});
