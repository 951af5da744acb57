import { describe, expect, it } from 'vitest';

import type { Cluster, Host } from '../../../src/core/cluster.ts';
import type { GpuAnswer } from '../../../src/facts/gpu.ts';
import { gpuDriverCheck } from '#checks/preflight/gpu-driver.ts';

const bus: GpuAnswer = { isKnown: true, devices: ['0000:3b:00.0'], driver: null, library: null, gpus: [] };
const driven: GpuAnswer = { ...bus, driver: '580.95.05', library: '580.95.05', gpus: [{ mig: [] }] };
const empty: GpuAnswer = { ...bus, devices: [] };
const unknown: GpuAnswer = { ...empty, isKnown: false };

const judge = (gpu: Host['gpu'], gpus: GpuAnswer, driver?: string | null) =>
  gpuDriverCheck(
    {
      gpu: driver === undefined ? {} : { driver: { package: 'nvidia-driver', version: null } },
    } as unknown as Cluster,
    { name: 'w1', gpu } as Host,
  ).diff({ gpus, package: { installed: driver, isHeld: false, offered: null } } as never, {
    host: 'w1',
    changed: [],
  });

describe('GpuDriver', () => {
  it.each<[string, Host['gpu'], GpuAnswer]>([
    ['a loaded driver', true, driven],
    ['a loaded driver that was found', 'auto', driven],
    [
      'a driver whose libraries are nowhere: they may be a container of an operator',
      true,
      { ...driven, library: null },
    ],
    ['no GPU where it is left open', 'auto', empty],
    ['a plan without a connection', true, unknown],
  ])('has nothing against %s', (_, gpu, found) => {
    expect(judge(gpu, found)).toMatchObject({ answer: 'none' });
  });

  it.each<[string, Host['gpu'], GpuAnswer, RegExp]>([
    ['a GPU without a driver', 'auto', bus, /has an NVIDIA GPU \(0000:3b:00\.0\) and no driver/],
    ['a GPU host without a GPU', true, empty, /neither an NVIDIA GPU on its PCI bus nor a driver/],
  ])('refuses %s, and says how to get one', (_, gpu, found, why) => {
    expect(judge(gpu, found)).toMatchObject({
      answer: 'refused',
      check: 'GpuDriver',
      why: expect.stringMatching(why),
      hint: expect.stringMatching(/gpu\.driver\.package/),
    });
  });

  it('refuses libraries of another version than the driver that is loaded, and names both', () => {
    expect(judge(true, { ...driven, library: '580.105.08' })).toMatchObject({
      answer: 'refused',
      check: 'GpuDriver',
      why: expect.stringMatching(/580\.95\.05.*580\.105\.08/),
      hint: expect.stringMatching(/drain w1 and reboot it/),
    });
  });

  it('lets a driver be installed, and asks for a reboot when that was not enough', () => {
    expect(judge(true, bus, null)).toMatchObject({ answer: 'none', why: expect.stringContaining('reboot') });
    expect(judge(true, bus, '580.95.05-1')).toMatchObject({
      answer: 'refused',
      hint: expect.stringMatching(/^reboot w1/),
    });
  });
});
