import type { Chart } from '#core/addon-set.ts';
import type { Host } from '#core/cluster.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import type { HamiDevicePlugin } from '#core/gpu.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { sha256Of } from '#core/sha256.ts';
import { DEVICE_PLUGIN_SETS } from '#facts/device-plugins.ts';

import { RUNTIME_CLASS } from './device-plugin.ts';
import { GPU_LABEL } from '#core/gpu-labels.ts';
import type { Workload } from './workload.ts';

/** The pods of HAMi's device plugin. */
export const HAMI_PLUGIN: Workload = {
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'hami-device-plugin',
  selector: 'app.kubernetes.io/component=hami-device-plugin',
};

/** Long, for its image has about 250 MB, and its scheduler waits for a certificate that a Job makes. */
const TIMEOUT_SECONDS = 600;

/**
 * HAMi by its own chart: a device plugin, a scheduler that knows of parts of GPUs, and a webhook that sends
 * pods to it.
 *
 * @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/charts/hami/values.yaml
 */
export const hamiChart = (
  {
    version,
    image,
    splitCount,
    memoryScaling,
    coreScaling,
    repository,
    runsOn,
    values = {},
  }: HamiDevicePlugin,
  kubernetes: Pick<Kubernetes, 'version' | 'imageRepository'>,
  hosts: readonly Pick<Host, 'name' | 'gpuDevices'>[],
): Chart => {
  const own = imageOf(image, version);
  return {
    name: DEVICE_PLUGIN_SETS.hami,
    kind: 'chart',
    chart: 'hami',
    repository,
    version,
    namespace: HAMI_PLUGIN.namespace,
    runsOn,
    kubernetesVersion: kubernetes.version,
    timeoutSeconds: TIMEOUT_SECONDS,
    values: mergeObjects(
      {
        fullnameOverride: 'hami',
        global: { imageTag: `v${version}` },
        scheduler: {
          kubeScheduler: {
            image: imageOf(`${kubernetes.imageRepository}/kube-scheduler`, kubernetes.version),
          },
          extender: { image: own },
        },
        devicePlugin: {
          image: own,
          monitor: { image: own },
          deviceSplitCount: splitCount,
          deviceMemoryScaling: memoryScaling,
          deviceCoreScaling: coreScaling,
          runtimeClassName: RUNTIME_CLASS,
          // null takes the chart's own selector, gpu: "on", away.
          nvidiaNodeSelector: { gpu: null, [GPU_LABEL]: 'true' },
          tolerations: [{ operator: 'Exists' }],
          ...nodeConfiguration(hosts),
        },
      },
      values,
    ),
  };
};

/**
 * What hosts say for themselves. The chart's pods take no notice of what changes in it.
 *
 * @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/charts/hami/templates/device-plugin/configmap.yaml
 * @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/pkg/device/nvidia/device.go (DevicePluginConfigs)
 */
function nodeConfiguration(hosts: readonly Pick<Host, 'name' | 'gpuDevices'>[]): JsonObject {
  const nodes = hosts.flatMap(({ name, gpuDevices: { splitCount, memoryScaling, coreScaling } = {} }) => {
    const said = {
      ...(splitCount !== undefined && { devicesplitcount: splitCount }),
      ...(memoryScaling !== undefined && { devicememoryscaling: memoryScaling }),
      ...(coreScaling !== undefined && { devicecorescaling: coreScaling }),
    };
    return Object.keys(said).length === 0 ? [] : [{ name, operatingmode: 'hami-core', ...said }];
  });
  if (nodes.length === 0) return {};
  const config = JSON.stringify({ nodeconfig: nodes }, null, 2);
  return {
    nodeConfiguration: { config },
    podAnnotations: { 'slipway/node-configuration': sha256Of(config) },
  };
}

function imageOf(image: string, version: string): JsonObject {
  const [registry = '', ...path] = image.split('/');
  return { registry, repository: path.join('/'), tag: `v${version}` };
}
