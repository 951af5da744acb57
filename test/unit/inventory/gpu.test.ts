import { describe, expect, test } from 'vitest';

import { inventory, parse, problemsOf } from './inventory-fixture.ts';

const gpu = (settings: string): string => inventory(`gpu: ${settings}`);

const gpuOf = async (text: string) => (await parse(text)).cluster.hosts[0]?.gpu;
const withHost = (own: string, more = 'gpu: {}') =>
  inventory(more).replace('cp1,', `cp1, gpuDevices: ${own},`);
const devicesOf = async (text: string) => (await parse(text)).cluster.hosts[0]?.gpuDevices;
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

describe('gpuDevices', () => {
  test('a host says for itself how its GPUs are handed out', async () => {
    expect(await devicesOf(inventory('gpu: {}'))).toBeUndefined();
    expect(await devicesOf(withHost('{}'))).toBeUndefined();
    expect(await devicesOf(withHost('{migStrategy: mixed, sharing: {timeSlicing: {replicas: 4}}}'))).toEqual({
      migStrategy: 'mixed',
      sharing: { strategy: 'time-slicing', replicas: 4, isRenamed: false, isLimitedToOne: false },
    });
    expect(await devicesOf(withHost('{sharing: none}'))).toEqual({ sharing: null });
    expect(await devicesOf(withHost('{migStrategy: single, migDevices: {1g.10gb: 7}}'))).toEqual({
      migStrategy: 'single',
      migDevices: { '1g.10gb': 7 },
    });
    expect(await devicesOf(withHost('{migDevices: none}'))).toEqual({ migDevices: {} });
  });

  test('each key wins over that of the group and of the defaults', async () => {
    const text = inventory(
      'gpu: {}\ndefaults: {gpuDevices: {migStrategy: single, sharing: {timeSlicing: {replicas: 2}}}}\ngroups: {g: {gpuDevices: {sharing: {timeSlicing: {replicas: 3}}}}}',
    ).replace('cp1,', 'cp1, group: g, gpuDevices: {migStrategy: mixed},');
    expect(await devicesOf(text)).toMatchObject({ migStrategy: 'mixed', sharing: { replicas: 3 } });
  });

  test("is that of HAMi, where the cluster's plugin is", async () => {
    const hami = 'gpu: {devicePlugin: {type: hami}}';
    expect(await devicesOf(withHost('{hami: {splitCount: 2}}', hami))).toEqual({ splitCount: 2 });
  });

  test.each([
    ['{hami: {splitCount: 2}}', 'gpu: {}', '"hami" has no meaning with gpu.devicePlugin.type: nvidia'],
    [
      '{migStrategy: mixed}',
      'gpu: {devicePlugin: {type: hami}}',
      '"migStrategy" has no meaning with gpu.devicePlugin.type: hami',
    ],
    ['{sharing: {timeSlicing: {replicas: 2}, mps: {replicas: 2}}}', 'gpu: {}', 'exclude each other'],
    ['{migStrategy: mixed}', 'gpu: {sharing: {mps: {replicas: 2}}}', 'mps does not work on MIG devices'],
    [
      '{sharing: {mps: {replicas: 2}}}',
      'gpu: {devicePlugin: {migStrategy: single}}',
      'mps does not work on MIG devices',
    ],
    ['{sharing: none}', '', '"gpuDevices" has no meaning without a gpu section, or gpu: true'],
    ['{sharing: all}', 'gpu: {}', 'must be a map, or none'],
    ['{migStrategy: mixed, migDevices: {1c.3g.40gb: 1}}', 'gpu: {}', 'is no profile of MIG devices such as'],
    ['{migStrategy: mixed, migDevices: {}}', 'gpu: {}', 'names no profile: write none for whole GPUs'],
    ['{migStrategy: mixed, migDevices: {1g.10gb: 0}}', 'gpu: {}', 'from 1 to 8'],
    ['{migDevices: {1g.10gb: 7}}', 'gpu: {}', 'are offered to nobody without migStrategy: single or mixed'],
    ['{migStrategy: single, migDevices: {1g.10gb: 1, 2g.20gb: 3}}', 'gpu: {}', 'single wants one profile'],
    ['{migDevices: {1g.10gb: 7}}', 'gpu: {devicePlugin: {type: hami}}', '"migDevices" has no meaning'],
    [
      '{migDevices: none}',
      'gpu: {toolkit: none, devicePlugin: {type: none}}',
      '"migDevices" has no meaning with gpu.toolkit: none',
    ],
    ['{sharing: {timeSlicing: {replicas: 1}}}', 'gpu: {}', 'from 2 to 100'],
  ])('%s beside %s is refused', async (own, more, problem) => {
    expect(await problemsOf(withHost(own, more))).toContain(problem);
  });

  test('the label that names the configuration is set by slipway alone', async () => {
    const text = inventory('gpu: {}').replace(
      'cp1,',
      "cp1, labels: {nvidia.com/device-plugin.config: 'mine'},",
    );
    expect(await problemsOf(text)).toContain(
      'nvidia.com/device-plugin.config is set by slipway: use gpuDevices',
    );
    await parse(text.replace('gpu: {}', 'gpu: {devicePlugin: {type: none}}'));
  });
});
