import { describe, expect, it } from 'vitest';

import { DEVICE_PLUGIN_SETS } from '../../../src/facts/device-plugins.ts';
import { otherDevicePlugins } from '../../../src/resources/cluster/other-device-plugins.ts';

const { nvidia, hami } = DEVICE_PLUGIN_SETS;
const PLUGIN = { name: 'nvidia-device-plugin-daemonset', set: nvidia };
const DISCOVERY = { name: 'gpu-feature-discovery', set: nvidia };
const HAMI = { name: 'hami-device-plugin', set: hami };

const summaries = (set: string | undefined, wanted: readonly string[], found: readonly object[]) => {
  const outcome = otherDevicePlugins(set, wanted).diff({ api: { state: 'ready' }, found } as never, {
    host: 'cp1',
    changed: [],
  });
  return outcome.answer === 'change' ? outcome.steps.map((step) => step.summary) : outcome.answer;
};

describe('device plugins that are not wanted', () => {
  it.each([
    ['none, where the one that is wanted is alone', nvidia, [PLUGIN.name], [PLUGIN], 'none'],
    [
      'a part of the one that is wanted',
      nvidia,
      [PLUGIN.name],
      [PLUGIN, DISCOVERY],
      [`delete ${DISCOVERY.name}`],
    ],
    ["NVIDIA's in one", hami, [HAMI.name], [PLUGIN, DISCOVERY, HAMI], ["delete NVIDIA's device plugin"]],
    ['HAMi in one', nvidia, [PLUGIN.name], [PLUGIN, HAMI], ['delete HAMi']],
    [
      'all of ours, where the plugin is somebody else’s',
      undefined,
      [],
      [PLUGIN, HAMI],
      ["delete NVIDIA's device plugin", 'delete HAMi'],
    ],
  ])('go: %s', (_, set, wanted, found, expected) => {
    expect(summaries(set, wanted, found)).toEqual(expected);
  });
});
