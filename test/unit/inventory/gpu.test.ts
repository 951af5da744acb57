import { describe, expect, test } from 'vitest';

import { inventory, parse, problemsOf } from './inventory-fixture.ts';

const gpu = (settings: string): string => inventory(`gpu: ${settings}`);

const gpuOf = async (text: string) => (await parse(text)).cluster.hosts[0]?.gpu;
const pluginOf = async (text: string) => (await parse(gpu(text))).cluster.gpu.devicePlugin;

describe('gpu', () => {
  test('a host is asked only where the inventory speaks of GPUs', async () => {
    expect(await gpuOf(inventory())).toBe(false);
    expect(await gpuOf(gpu('{}'))).toBe('auto');
    expect(await gpuOf(inventory().replace('cp1,', 'cp1, gpu: true,'))).toBe(true);
  });

  test('what somebody else brings is left to him, and a driver may be there all the same', async () => {
    const none = 'toolkit: none, devicePlugin: {type: none}';
    expect((await parse(gpu(`{${none}, driver: none}`))).cluster.gpu).toMatchObject({
      toolkit: null,
      driver: 'none',
    });
    expect((await parse(gpu(`{${none}, driver: {package: nvidia-driver}}`))).cluster.gpu).toMatchObject({
      toolkit: null,
      driver: { package: 'nvidia-driver', version: null },
    });
  });

  test('sharing becomes the strategy of the device plugin', async () => {
    expect(await pluginOf('{sharing: {timeSlicing: {replicas: 4, renameByDefault: true}}}')).toMatchObject({
      sharing: { strategy: 'time-slicing', replicas: 4, isRenamed: true, isLimitedToOne: false },
    });
    expect(await pluginOf('{sharing: {mps: {replicas: 3}}}')).toMatchObject({
      sharing: { strategy: 'mps', replicas: 3, isLimitedToOne: true },
    });
    expect(await pluginOf('{devicePlugin: {type: hami}, hami: {splitCount: 5}}')).toEqual({
      type: 'hami',
      version: '2.10.0',
      image: 'docker.io/projecthami/hami',
      splitCount: 5,
      memoryScaling: 1,
      coreScaling: 1,
      repository: 'https://project-hami.github.io/HAMi',
      runsOn: 'controller',
    });
  });

  test.each([
    ['{sharing: {timeSlicing: {replicas: 2}, mps: {replicas: 2}}}', 'exclude each other'],
    ['{devicePlugin: {migStrategy: mixed}, sharing: {mps: {replicas: 2}}}', 'does not work on MIG devices'],
    ['{devicePlugin: {type: hami}, sharing: {mps: {replicas: 2}}}', '"sharing" has no meaning'],
    ['{hami: {splitCount: 2}}', '"hami" has no meaning'],
    ['{devicePlugin: {type: none, version: 0.20.0}}', '"version" has no meaning'],
    ['{sharing: {timeSlicing: {replicas: 1}}}', 'from 2 to 100'],
    ['{mode: csv}', 'auto, legacy or cdi'],
    [
      '{devicePlugin: {type: hami}, hami: {values: {fullnameOverride: x}}}',
      '"fullnameOverride" cannot be set: slipway knows HAMi\'s objects',
    ],
    ['{toolkit: no}', 'must be a map, or none'],
    ['{toolkit: {verison: 1.20.0}}', 'did you mean "version"?'],
    ['{toolkit: none}', 'none wants devicePlugin: {type: none}: the pods of nvidia run in the runtime'],
    ['{toolkit: none, devicePlugin: {type: none}, mode: cdi}', '"mode" has no meaning with toolkit: none'],
    ['{driver: none}', 'none wants toolkit: none'],
    ['{driver: {version: 1.0-1}}', 'the key "package" is missing'],
  ])('%s is refused', async (settings, problem) => {
    expect(await problemsOf(gpu(settings))).toContain(problem);
  });
});
