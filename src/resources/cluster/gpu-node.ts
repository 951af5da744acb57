import type { Cluster, Host } from '#core/cluster.ts';
import { at } from '#core/fact.ts';
import { type DevicePlugin, pluginOn } from '#core/gpu.ts';
import { changeOr, none, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { apiNode } from '#facts/api.ts';
import { gpuState } from '#facts/gpu.ts';
import { isGpuHost } from '#facts/gpu.ts';
import { kubectl } from '#facts/kubectl.ts';
import { isOtherwise, pluginConfigName } from '#objects/device-plugin.ts';
import { CONFIG_LABEL, GPU_LABEL, MPS_LABEL } from '#core/gpu-labels.ts';

import { aboutNode, deletionsOf, without } from './on-node.ts';

/**
 * The labels that bring the device plugin to nodes with GPUs. On others nothing is taken away: whoever else
 * finds GPUs there has his reasons.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md#catalog-of-labels
 */
export function gpuNode(cluster: Cluster, host: Host): Resource {
  return resource({
    address: `gpu-node:${host.name}`,
    facts: { api: apiNode(host.name), gpus: at(host.name, gpuState) },
    restartOn: deletionsOf(cluster, host),
    diff: ({ api, gpus }, { changed }) => {
      if (!isGpuHost(host, gpus)) return none('there is no NVIDIA GPU');
      const known = changed.length > 0 ? without(api, host) : api;
      return aboutNode(known, cluster, host, ({ labels }) => {
        const wanted = labelsOf(cluster.gpu.devicePlugin, host, labels);
        const wrong = Object.entries(wanted).filter(([key, value]) => (labels[key] ?? null) !== value);
        return changeOr(
          'it is labelled as a node with GPUs',
          wrong.map(([key, value]) => ({ what: `label ${key}`, from: labels[key] ?? null, to: value })),
          [
            run(
              `label node ${host.name} as one with GPUs`,
              sh`${embed(kubectl)} label node ${host.name} --overwrite ${wrong.map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`))}`,
            ),
          ],
        );
      });
    },
  });
}

/** What the labels are to be; null: there is to be none. */
function labelsOf(
  plugin: DevicePlugin,
  host: Host,
  found: Readonly<Record<string, string>>,
): Readonly<Record<string, string | null>> {
  if (plugin.type !== 'nvidia') return { [GPU_LABEL]: 'true' };
  const own = pluginOn(plugin, host);
  const isMps = own.sharing?.strategy === 'mps';
  return {
    [GPU_LABEL]: 'true',
    ...(isMps ? { [MPS_LABEL]: 'true' } : found[MPS_LABEL] === 'true' && { [MPS_LABEL]: null }),
    [CONFIG_LABEL]: isOtherwise(plugin, host) ? pluginConfigName(own) : null,
  };
}
