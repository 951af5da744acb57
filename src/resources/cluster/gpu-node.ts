import type { Cluster, Host } from '#core/cluster.ts';
import { at } from '#core/fact.ts';
import { changeOr, none, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { apiNode } from '#facts/api.ts';
import { gpuState } from '#facts/gpu.ts';
import { isGpuHost } from '#facts/gpu.ts';
import { kubectl } from '#facts/kubectl.ts';
import { GPU_LABEL, MPS_LABEL } from '#objects/gpu-labels.ts';

import { aboutNode, deletionsOf, without } from './on-node.ts';

/**
 * The labels that bring the device plugin to nodes with GPUs. On others nothing is taken away: whoever else
 * finds GPUs there has his reasons.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md#catalog-of-labels
 */
export function gpuNode(cluster: Cluster, host: Host): Resource {
  const { devicePlugin: plugin } = cluster.gpu;
  const isMps = plugin.type === 'nvidia' && plugin.sharing?.strategy === 'mps';
  const wanted = [GPU_LABEL, ...(isMps ? [MPS_LABEL] : [])];
  return resource({
    address: `gpu-node:${host.name}`,
    facts: { api: apiNode(host.name), gpus: at(host.name, gpuState) },
    restartOn: deletionsOf(cluster, host),
    diff: ({ api, gpus }, { changed }) => {
      if (!isGpuHost(host, gpus)) return none('there is no NVIDIA GPU');
      const known = changed.length > 0 ? without(api, host) : api;
      return aboutNode(known, cluster, host, ({ labels }) => {
        const wrong = wanted.filter((key) => labels[key] !== 'true');
        return changeOr(
          'it is labelled as a node with GPUs',
          wrong.map((key) => ({ what: `label ${key}`, from: labels[key] ?? null, to: 'true' })),
          [
            run(
              `label node ${host.name} as one with GPUs`,
              sh`${embed(kubectl)} label node ${host.name} --overwrite ${wrong.map((key) => `${key}=true`)}`,
            ),
          ],
        );
      });
    },
  });
}
