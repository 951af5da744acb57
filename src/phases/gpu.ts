import { chart } from '#addons/sets/chart.ts';
import type { Chart } from '#core/addon-set.ts';
import type { Cluster } from '#core/cluster.ts';
import { type DevicePlugin, type NvidiaDevicePlugin, pluginOn } from '#core/gpu.ts';
import type { ClusterContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { DEVICE_PLUGIN_SETS } from '#facts/device-plugins.ts';
import {
  CONFIG_MANAGER_ACCOUNT,
  devicePluginObjects,
  devicePluginWorkloads,
  isOtherwise,
  pluginConfigName,
  runtimeClass,
} from '#objects/device-plugin.ts';
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
      otherDevicePlugins(setOf(cluster.gpu.devicePlugin), namesOf(cluster)),
      ...pluginOf(context),
    ];
  },
  artifacts: (cluster) => {
    const set = hasGpuHosts(cluster) ? chartOf(cluster) : undefined;
    return set === undefined ? [] : chart.artifacts(set);
  },
};

const hasGpuHosts = ({ hosts }: Cluster): boolean => hosts.some(({ gpu: wanted }) => wanted !== false);

function pluginOf({ cluster, artifacts }: ClusterContext): readonly Resource[] {
  const plugin = cluster.gpu.devicePlugin;
  if (plugin.type === 'nvidia') {
    const others = otherPlugins(cluster, plugin);
    return [
      rolledOut(
        manifest({
          name: `nvidia-device-plugin v${plugin.version}`,
          content: devicePluginObjects(plugin, others),
        }),
        { of: devicePluginWorkloads(plugin, others), timeoutSeconds: rolloutSeconds() },
      ),
    ];
  }
  const set = chartOf(cluster);
  return set === undefined ? [] : [appliedSet(`HAMi v${set.version}`, set, chart.objects(set, artifacts))];
}

/** What of the wanted device plugin is in the cluster. */
function namesOf(cluster: Cluster): readonly string[] {
  const plugin = cluster.gpu.devicePlugin;
  if (plugin.type !== 'nvidia') return plugin.type === 'hami' ? [HAMI_PLUGIN.name] : [];
  const others = otherPlugins(cluster, plugin);
  return [
    ...devicePluginWorkloads(plugin, others).map(({ name }) => name),
    ...(others.length > 0 ? [CONFIG_MANAGER_ACCOUNT] : []),
  ];
}

/** NVIDIA's device plugin as it is on hosts that say otherwise, each kind of it once. */
function otherPlugins({ hosts }: Cluster, plugin: NvidiaDevicePlugin): readonly NvidiaDevicePlugin[] {
  const named = hosts
    .filter((host) => host.gpu !== false && isOtherwise(plugin, host))
    .map((host) => pluginOn(plugin, host))
    .map((other) => [pluginConfigName(other), other] as const);
  return [...new Map(named.toSorted(([left], [right]) => (left < right ? -1 : 1))).values()];
}

const setOf = ({ type }: DevicePlugin): string | undefined =>
  type === 'none' ? undefined : DEVICE_PLUGIN_SETS[type];

const chartOf = ({ gpu: { devicePlugin }, kubernetes, hosts }: Cluster): Chart | undefined =>
  devicePlugin.type === 'hami' ? hamiChart(devicePlugin, kubernetes, hosts) : undefined;
