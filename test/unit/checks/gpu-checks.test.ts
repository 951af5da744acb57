import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import type { Cluster } from '../../../src/core/cluster.ts';
import { gpuChecks } from '../../../src/checks/verify/gpu-checks.ts';

const clusterWith = (gpu: object): Cluster =>
  ({
    verify: { timeoutMs: 30_000 },
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

  it("are told of under the plugin's own name", () => {
    const [check] = checksOf({ devicePlugin: { type: 'hami' } });
    const stdout = JSON.stringify({ items: [node('w1', '0')] });
    expect(check?.judge({ code: 0, stdout, stderr: '' })).toMatchObject({
      holds: false,
      hint: expect.stringContaining('component=hami-device-plugin') as string,
    });
  });

  it("run the sample under NVIDIA's runtime for as long as pods of verify may take", () => {
    const check = checksOf({ vectorAddImage: 'cuda' })[1];
    expect(check?.prepare).toContain('"limits":{"@resource@":1}');
    expect(check?.prepare).toContain('"runtimeClassName":"nvidia"');
    expect(check?.settle?.timeoutMs).toBe(30_000);
  });

  it.each([
    ['w1 Succeeded\nw2 Succeeded\n', { holds: true, saw: 'on w1, w2' }, undefined],
    ['w1 Succeeded\nw2 Pending\n', { holds: false, why: 'no end of vectorAdd after 30 s on w2' }, undefined],
    ['w1 Pending\nw2 Failed\n', { holds: false, why: 'vectorAdd failed on w2' }, 'vectorAdd failed on w2'],
    ['', { holds: true, saw: 'no host has any' }, undefined],
  ])(
    'wait for the end of every sample, and no longer for one that failed: %j',
    (stdout, verdict, hopeless) => {
      const check = checksOf({ vectorAddImage: 'cuda' })[1];
      const output = { code: 0, stdout, stderr: '' };
      expect(check?.judge(output)).toMatchObject(verdict);
      expect(check?.settle?.hopeless?.(output)).toBe(hopeless);
    },
  );

  it.each([
    ['{"cpu":"4","nvidia.com/gpu":"8","pods":"110"}', 'nvidia.com/gpu'],
    ['{"nvidia.com/gpu":"0","nvidia.com/gpu.shared":"8"}', 'nvidia.com/gpu.shared'],
    ['{"cpu":"4","nvidia.com/gpu":"0","nvidia.com/mig-1g.5gb.me":"1"}', 'nvidia.com/mig-1g.5gb.me'],
    ['{"nvidia.com/gpucores":"100"}', ''],
  ])('ask for the first of what a node offers: %s', (allocatable, resource) => {
    const script = checksOf({ vectorAddImage: 'cuda' })[1]?.prepare ?? '';
    const [, filter = ''] = /(tr ',\{\}'.*)\)$/m.exec(script) ?? [];
    expect(execFileSync('sh', ['-c', filter], { input: allocatable }).toString().trim()).toBe(resource);
  });
});
