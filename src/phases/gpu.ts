import { chart } from '#addons/sets/chart.ts';
import type { Chart } from '#core/addon-set.ts';
import type { Cluster } from '#core/cluster.ts';
import type { DevicePlugin } from '#core/gpu.ts';
import type { ClusterContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { DEVICE_PLUGIN_SETS } from '#facts/device-plugins.ts';
import { devicePluginWorkloads, devicePluginObjects, runtimeClass } from '#objects/device-plugin.ts';
import { HAMI_PLUGIN, hamiChart } from '#objects/hami-chart.ts';
import { manifest } from '#resources/cluster/manifest.ts';
import { otherDevicePlugins } from '#resources/cluster/other-device-plugins.ts';
import { rolledOut, rolloutSeconds } from '#resources/cluster/rolled-out.ts';

import { appliedSet } from './addons.ts';

/** How pods come by GPUs. The device plugin goes to nodes with GPUs, also to such as join later. */
export const gpu: Phase = {
  name: 'gpu',
  summary: 'RuntimeClass nvidia and the device plugin, where the inventory speaks of GPUs',
  needs: () => ['control-plane', 'network'],
  forCluster: (context) => {
    const { cluster } = context;
    if (!hasGpuHosts(cluster)) return [];
    return [
      ...(cluster.gpu.toolkit === null
        ? []
        : [manifest({ name: 'RuntimeClass nvidia', content: runtimeClass() })]),
      otherDevicePlugins(setOf(cluster.gpu.devicePlugin), namesOf(cluster.gpu.devicePlugin)),
      ...pluginOf(cluster.gpu.devicePlugin, context),
    ];
  },
  artifacts: (cluster) => {
    const set = hasGpuHosts(cluster) ? chartOf(cluster) : undefined;
    return set === undefined ? [] : chart.artifacts(set);
  },
};

const hasGpuHosts = ({ hosts }: Cluster): boolean => hosts.some(({ gpu: wanted }) => wanted !== false);

function pluginOf(plugin: DevicePlugin, { cluster, artifacts }: ClusterContext): readonly Resource[] {
  if (plugin.type === 'nvidia') {
    return [
      rolledOut(
        manifest({ name: `nvidia-device-plugin v${plugin.version}`, content: devicePluginObjects(plugin) }),
        {
          of: devicePluginWorkloads(plugin),
          timeoutSeconds: rolloutSeconds(),
        },
      ),
    ];
  }
  const set = chartOf(cluster);
  return set === undefined ? [] : [appliedSet(`HAMi v${set.version}`, set, chart.objects(set, artifacts))];
}

function namesOf(plugin: DevicePlugin): readonly string[] {
  if (plugin.type === 'nvidia') return devicePluginWorkloads(plugin).map(({ name }) => name);
  return plugin.type === 'hami' ? [HAMI_PLUGIN.name] : [];
}

const setOf = ({ type }: DevicePlugin): string | undefined =>
  type === 'none' ? undefined : DEVICE_PLUGIN_SETS[type];

const chartOf = ({ gpu: { devicePlugin }, kubernetes }: Cluster): Chart | undefined =>
  devicePlugin.type === 'hami' ? hamiChart(devicePlugin, kubernetes) : undefined;
