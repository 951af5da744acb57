import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { at } from '#core/fact.ts';
import type { DevicePlugin } from '#core/gpu.ts';
import { changeOr, deferred, none, type Outcome, resource, type Resource } from '#core/resource.ts';
import { embed, lines, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { apiState, type NodeState } from '#facts/api.ts';
import { type GpuAnswer, gpuState } from '#facts/gpu.ts';
import { isGpuHost } from '#facts/gpu.ts';
import { kubectl } from '#facts/kubectl.ts';
import { nvidiaPlugin } from '#objects/device-plugin.ts';
import { expectedGpus } from '#objects/expected-gpus.ts';
import { HAMI_PLUGIN } from '#objects/hami-chart.ts';
import type { Workload } from '#objects/workload.ts';

import { nodePodsStep } from './rollout-wait.ts';

type Plugin = Exclude<DevicePlugin, { type: 'none' }>;

/** A node offers as many GPUs as its driver sees, times sharing. */
export function gpuAllocatable(cluster: Cluster, host: Host, plugin: Plugin): Resource {
  const controlPlane = firstControlPlane(cluster).name;
  return resource({
    address: `gpu-allocatable:${host.name}`,
    facts: { api: apiState, gpus: at(host.name, gpuState) },
    settle: { timeoutMs: 10_000 },
    diff: ({ api, gpus }) => {
      if (!isGpuHost(host, gpus)) return none('there is no NVIDIA GPU');
      const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
      if (node === undefined) {
        const phase = controlPlane === host.name ? 'control-plane' : 'join';
        return deferred({ host: host.name, phase }, `node ${host.name}`);
      }
      if (gpus.driver === null) return withoutDriver(cluster, host);
      return diffCount(plugin, host, node, gpus);
    },
  });
}

/** The driver may be one of the things that this plan installs. */
const withoutDriver = ({ gpu: { driverPackage } }: Cluster, { name }: Host): Outcome =>
  driverPackage === undefined
    ? none('no driver is loaded, so there are no GPUs to offer')
    : deferred({ host: name, phase: 'nvidia' }, `its GPUs: reboot ${name} where the driver is not loaded`);

function diffCount(plugin: Plugin, host: Host, { gpus: offered }: NodeState, { gpus }: GpuAnswer): Outcome {
  const expected = Object.entries(expectedGpus(plugin, gpus));
  const wrong = expected.filter(([name, count]) => offered[name] !== String(count));
  const workload = plugin.type === 'hami' ? HAMI_PLUGIN : nvidiaPlugin;
  return changeOr(
    `it offers ${expected.map(([name, count]) => `${count} ${name}`).join(', ')}`,
    wrong.map(([name, count]) => ({
      what: `allocatable ${name}`,
      from: offered[name] ?? '0',
      to: String(count),
    })),
    [
      nodePodsStep(workload, host.name),
      ...wrong.map(([name, count]) => waitStep(workload, host.name, name, count)),
    ],
  );
}

const PATIENCE_SECONDS = 120;

/**
 * What a device plugin tells the kubelet, the node says at its next report.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (nodeStatusUpdateFrequency: 10s; v1.34)
 */
const REPORT_SECONDS = 15;

/**
 * A plugin looks at GPUs and their MIG devices once, when it starts: one that was ready before they were cut
 * otherwise has to start again.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/cmd/nvidia-device-plugin/main.go (startPlugins)
 */
const waitStep = (
  { namespace, name: plugin, selector }: Workload,
  node: string,
  name: string,
  count: number,
): RunStep => {
  const pods = sh`${embed(kubectl)} --request-timeout=70s -n ${namespace}`;
  const onNode = sh`-l ${selector} --field-selector=${`spec.nodeName=${node}`}`;
  return {
    do: 'run',
    summary: `wait until ${node} offers ${count} ${name}; where ${plugin} there has not seen them, start it again`,
    timeoutMs: (PATIENCE_SECONDS + 30) * 1000,
    script: lines(
      sh`began=$(date +%s); said=; again=no`,
      sh`while :; do`,
      sh`found=$(${embed(kubectl)} --request-timeout=10s get node ${node} -o jsonpath=${`{.status.allocatable.${name.replaceAll('.', '\\.')}}`} 2>/dev/null || :)`,
      sh`[ "$found" != ${String(count)} ] || exit 0`,
      sh`[ "$found" = "$said" ] || echo "it offers $found"; said=$found`,
      sh`since=$(${embed(pods)} get pods ${embed(onNode)} -o jsonpath=${READY_SINCE} 2>/dev/null || :)`,
      sh`if [ "$again" = no ] && [ -n "$since" ] && [ $(($(date +%s) - $(date -d "$since" +%s))) -ge ${REPORT_SECONDS} ]; then`,
      sh`  echo ${`starting ${plugin} there again`}; again=yes`,
      sh`  ${embed(pods)} delete pods ${embed(onNode)} --timeout=60s >/dev/null || :`,
      sh`fi`,
      sh`if [ $(($(date +%s) - began)) -ge ${PATIENCE_SECONDS} ]; then`,
      sh`  ${embed(pods)} logs "$(${embed(pods)} get pods ${embed(onNode)} -o name | head -n 1)" --all-containers --tail=10 >&2 || :`,
      sh`  echo ${`${node} does not offer ${count} ${name}, though its driver sees as many GPUs`} >&2; exit 1`,
      sh`fi`,
      sh`sleep 1`,
      sh`done`,
    ),
  };
};

/** When the first pod, of as many as one, became ready. */
const READY_SINCE = '{.items[0].status.conditions[?(@.type=="Ready")].lastTransitionTime}';
