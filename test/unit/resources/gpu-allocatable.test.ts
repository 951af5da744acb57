import { describe, expect, it } from 'vitest';

import type { Cluster, Host } from '#core/cluster.ts';
import type { PodState } from '#facts/workloads.ts';
import { gpuAllocatable } from '#resources/cluster/gpu-allocatable.ts';

const host = { name: 'w1', role: 'worker', gpu: true } as unknown as Host;
const cluster = {
  hosts: [{ name: 'cp1', role: 'control-plane' }, host],
  gpu: {},
} as unknown as Cluster;
const { diff, settle } = gpuAllocatable(cluster, host, {
  type: 'nvidia',
  migStrategy: 'none',
} as never);

const answers = (offered: string, ...pods: readonly PodState[]) =>
  ({
    api: { state: 'ready', nodes: { w1: { gpus: { 'nvidia.com/gpu': offered } } } },
    gpus: {
      isKnown: true,
      devices: ['0'],
      driver: '580.1',
      library: '580.1',
      gpus: [{ mig: [] }, { mig: [] }],
    },
    found: [{ name: 'DaemonSet kube-system/x', rollout: 'new', counts: '', pods }],
  }) as never;
const pod = (isStuck: boolean, node = 'w1'): PodState => ({ node, why: `x on ${node} is slow`, isStuck });
const outcome = (given: never) => diff(given, { host: 'w1', changed: [] });

describe('the GPUs that a node offers', () => {
  it('are waited for without a step, together with the pod that brings them', () => {
    expect(outcome(answers('2'))).toMatchObject({ answer: 'none' });
    expect(outcome(answers('1', pod(false), pod(false, 'w2')))).toMatchObject({
      answer: 'change',
      differences: [
        { what: 'allocatable nvidia.com/gpu', from: '1', to: '2' },
        { what: 'pod of nvidia-device-plugin-daemonset', from: 'x on w1 is slow' },
      ],
      steps: [],
      notes: ['nvidia-device-plugin-daemonset is started again there where it has not seen the GPUs'],
    });
  });

  it('make a plugin start again that is ready and does not see them, on that node alone', () => {
    expect(settle.remedy?.steps(answers('1', pod(false)))).toEqual([]);
    expect(settle.remedy?.steps(answers('1', pod(true, 'w2')))).toMatchObject([
      {
        summary: 'start nvidia-device-plugin-daemonset on w1 again',
        script: expect.stringContaining('--field-selector=spec.nodeName=w1') as string,
      },
    ]);
  });

  it('are given up where the plugin does not see them, or cannot start', () => {
    expect(settle.hopeless?.(answers('1'))).toBe('w1 does not offer as many GPUs as its driver sees');
    expect(settle.hopeless?.(answers('1', pod(false)))).toBeUndefined();
    expect(settle.hopeless?.(answers('1', pod(true)))).toBe('x on w1 is slow');
  });
});
