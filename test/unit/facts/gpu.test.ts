import { describe, expect, it } from 'vitest';

import { gpuState } from '../../../src/facts/gpu.ts';
import { askHere, parseText } from './ask.ts';

const parse = (...rows: readonly string[]) => parseText(`${rows.join('\n')}\n`, [gpuState])[0];

describe('GPUs of a host', () => {
  it('are asked for by a shell that finds nothing wrong with its script', () => {
    expect(askHere([gpuState])[0]?.isKnown).toBe(true);
  });

  it('are none where nothing is printed', () => {
    expect(parse()).toEqual({ isKnown: true, devices: [], driver: null, library: null, gpus: [] });
  });

  it('are on the bus without a driver', () => {
    expect(parse('device /sys/bus/pci/devices/0000:3b:00.0')).toEqual({
      isKnown: true,
      devices: ['0000:3b:00.0'],
      driver: null,
      library: null,
      gpus: [],
    });
  });

  it.each([
    ['NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024', '535.183.01'],
    ['NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (dvs-builder@U22)', '580.95.05'],
  ])('have the version of their driver from %j', (line, version) => {
    expect(parse(`driver ${line}`, 'gpu', 'gpu')).toMatchObject({
      driver: version,
      gpus: [{ mig: [] }, { mig: [] }],
    });
  });

  it.each([
    ['/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.105.08', '580.105.08'],
    ['/usr/lib/x86_64-linux-gnu/nvidia/current/libnvidia-ml.so.535.183.01', '535.183.01'],
    ['/usr/lib64/libnvidia-ml.so.1', null],
  ])('have the version of the libraries from %s', (path, library) => {
    expect(
      parse('driver NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun', `library ${path}`),
    ).toMatchObject({
      library,
    });
  });

  it('have the MIG devices that nvidia-smi lists', () => {
    const { gpus } = parse(
      'driver NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun',
      'gpu',
      'gpu',
      'smi GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-e86cb44c)',
      'smi   MIG 3g.20gb     Device  0: (UUID: MIG-c7384736)',
      'smi   MIG 1g.5gb+me   Device  1: (UUID: MIG-a28ad590)',
      'smi GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-f1a9b0c2)',
    )!;
    expect(gpus).toEqual([{ mig: ['3g.20gb', '1g.5gb+me'] }, { mig: [] }]);
  });
});
