import { describe, expect, it } from 'vitest';

import type { Cluster } from '../../../src/core/cluster.ts';
import { gpuChecks } from '../../../src/resources/gpu-checks.ts';

const clusterWith = (gpu: object): Cluster =>
  ({
    gpu: { devicePlugin: { type: 'nvidia' }, ...gpu },
    hosts: [
      { name: 'cp1', gpu: false },
      { name: 'w1', gpu: true },
      { name: 'w2', gpu: 'auto' },
    ],
  }) as unknown as Cluster;
const checksOf = (gpu = {}, names = ['cp1', 'w1', 'w2']) => gpuChecks(clusterWith(gpu), names);
const node = (name: string, gpus?: string) => ({
  metadata: { name, labels: gpus === undefined ? {} : { 'nvidia.com/gpu.present': 'true' } },
  status: { allocatable: { cpu: '4', ...(gpus !== undefined && { 'nvidia.com/gpu': gpus }) } },
});
const judge = (...items: readonly object[]) =>
  checksOf()[0]?.judge({ code: 0, stdout: JSON.stringify({ items }), stderr: '' });

describe('checks of GPUs', () => {
  it('are there where the inventory speaks of GPUs', () => {
    expect(checksOf().map(({ name }) => name)).toEqual(['GpuCount']);
    expect(checksOf({ vectorAddImage: 'cuda' }).map(({ name }) => name)).toEqual([
      'GpuCount',
      'GpuVectorAdd',
    ]);
    expect(checksOf({}, ['cp1'])).toEqual([]);
    expect(checksOf({ devicePlugin: { type: 'none' } })).toEqual([]);
  });

  it('see GPUs on nodes that have them', () => {
    expect(judge(node('cp1'), node('w1', '8'), node('w2'))).toEqual({
      holds: true,
      saw: 'w1: 8 nvidia.com/gpu',
    });
    expect(judge(node('w1', '8'), node('w2', '0'))).toMatchObject({
      holds: false,
      why: 'w2 offers no GPU',
    });
    expect(judge(node('w1'), node('w2'))).toMatchObject({ holds: false, why: 'w1 offers no GPU' });
  });

  it("ask for what sharing calls the resource, under NVIDIA's runtime", () => {
    const sharing = { isRenamed: true, strategy: 'time-slicing', replicas: 2 };
    const check = checksOf({ vectorAddImage: 'cuda', devicePlugin: { type: 'nvidia', sharing } })[1];
    expect(check?.script).toContain('"limits":{"nvidia.com/gpu.shared":1}');
    expect(check?.script).toContain('"runtimeClassName":"nvidia"');
    expect(check?.judge({ code: 1, stdout: '', stderr: 'timed out' })).toMatchObject({ holds: false });
  });
});
