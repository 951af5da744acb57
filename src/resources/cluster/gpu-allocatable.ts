import type { Cluster, Host } from '#core/cluster.ts';
import { at } from '#core/fact.ts';
import { type DevicePlugin, profilesOf } from '#core/gpu.ts';
import { change, deferred, none, noted, type Outcome, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { apiNode, type NodeState } from '#facts/api.ts';
import { nodeWatch } from '#facts/api-watch.ts';
import { logsOn } from '#facts/diagnosis.ts';
import { type GpuAnswer, gpuState, isGpuHost } from '#facts/gpu.ts';
import { kubectl } from '#facts/kubectl.ts';
import { type PodState, unreadyOn, workloads } from '#facts/workloads.ts';
import { nvidiaPlugin } from '#objects/device-plugin.ts';
import { expectedGpus } from '#objects/expected-gpus.ts';
import { HAMI_PLUGIN } from '#objects/hami-chart.ts';
import type { Workload } from '#objects/workload.ts';

import { aboutNode } from './on-node.ts';
import { rolloutSeconds } from './rolled-out.ts';

type Plugin = Exclude<DevicePlugin, { type: 'none' }>;

const DAEMONS = {
  hami: { daemon: HAMI_PLUGIN, found: workloads([HAMI_PLUGIN]) },
  nvidia: { daemon: nvidiaPlugin, found: workloads([nvidiaPlugin]) },
} as const;

/**
 * A node offers as many GPUs as its driver sees, times sharing.
 *
 * A device plugin looks at GPUs and their MIG devices once, when it starts: one that was ready before they were cut
 * otherwise has to start again.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/cmd/nvidia-device-plugin/main.go (startPlugins)
 */
export function gpuAllocatable(cluster: Cluster, host: Host, plugin: Plugin): Resource {
  const { daemon, found: pods } = DAEMONS[plugin.type];
  return resource({
    address: `gpu-allocatable:${host.name}`,
    facts: { api: apiNode(host.name), gpus: at(host.name, gpuState), found: pods },
    settle: {
      timeoutMs: rolloutSeconds() * 1000,
      pauseMs: 1000,
      watch: nodeWatch(host.name),
      asksAgain: ['api', 'found'],
      remedy: {
        afterMs: REPORT_MS,
        steps: ({ found }) =>
          unreadyOn(host.name, found).length > 0 ? [] : [restartStep(daemon, host.name)],
      },
      hopeless: ({ found }) => {
        const [pod] = unreadyOn(host.name, found);
        if (pod === undefined) return `${host.name} does not offer as many GPUs as its driver sees`;
        return pod.isStuck ? pod.why : undefined;
      },
      patienceMs: PATIENCE_MS,
      diagnosis: logsOn(host.name, daemon),
    },
    diff: ({ api, gpus, found }) => {
      if (!isGpuHost(host, gpus)) return none('there is no NVIDIA GPU');
      return aboutNode(api, cluster, host, (node) =>
        gpus.driver === null
          ? withoutDriver(cluster, host)
          : diffCount(plugin, daemon, unreadyOn(host.name, found), node, cutAs(host, gpus.gpus)),
      );
    },
  });
}

/** The driver may be one of the things that this plan installs. */
const withoutDriver = ({ gpu: { driver } }: Cluster, { name }: Host): Outcome =>
  driver === undefined
    ? none('no driver is loaded, so there are no GPUs to offer')
    : deferred(
        { host: name, phase: 'nvidia' },
        `its GPUs: reboot ${name} where the driver is not loaded`,
        none('it offers as many GPUs as its driver sees'),
      );

/** GPUs as the plan leaves them. */
const cutAs = ({ gpuDevices }: Host, gpus: GpuAnswer['gpus']): GpuAnswer['gpus'] =>
  gpuDevices?.migDevices === undefined ? gpus : gpus.map(() => ({ mig: profilesOf(gpuDevices.migDevices!) }));

function diffCount(
  plugin: Plugin,
  daemon: Workload,
  unready: readonly PodState[],
  { gpus: offered }: NodeState,
  gpus: GpuAnswer['gpus'],
): Outcome {
  const expected = Object.entries(expectedGpus(plugin, gpus));
  const wrong = expected.filter(([name, count]) => offered[name] !== String(count));
  if (wrong.length === 0) {
    return none(`it offers ${expected.map(([name, count]) => `${count} ${name}`).join(', ')}`);
  }
  const differences = [
    ...wrong.map(([name, count]) => ({
      what: `allocatable ${name}`,
      from: offered[name] ?? '0',
      to: String(count),
    })),
    ...unready.map(({ why }) => ({ what: `pod of ${daemon.name}`, from: why, to: 'ready' })),
  ];
  return noted(change(differences), [`${daemon.name} is started again there where it has not seen the GPUs`]);
}

const PATIENCE_MS = 120_000;

/**
 * What a device plugin tells the kubelet, the node says at its next report.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (nodeStatusUpdateFrequency: 10s; v1.34)
 */
const REPORT_MS = 15_000;

const restartStep = ({ namespace, name, selector }: Workload, node: string): Step => ({
  do: 'run',
  summary: `start ${name} on ${node} again`,
  script: sh`${embed(kubectl)} -n ${namespace} delete pods -l ${selector} --field-selector=${`spec.nodeName=${node}`} --timeout=60s`,
  timeoutMs: 70_000,
});
