import { type Document, stringify } from 'yaml';

import type { GpuSharing, NvidiaDevicePlugin } from '#core/gpu.ts';
import type { JsonObject } from '#core/json.ts';
import { sha256Of } from '#core/sha256.ts';

import { objectTemplate, writeObjects } from './object-templates.ts';
import type { Workload } from './workload.ts';

const NAMESPACE = 'kube-system';

/** What pods name to get the NVIDIA runtime, where it is not the default. */
export const RUNTIME_CLASS = 'nvidia';

export const runtimeClass = (): string => writeObjects([objectTemplate('gpu/runtime-class.yaml')]);

/** The device plugin's pods, as a static manifest of NVIDIA's names them too. */
export const nvidiaPlugin: Workload = {
  kind: 'DaemonSet',
  namespace: NAMESPACE,
  name: 'nvidia-device-plugin-daemonset',
  selector: 'name=nvidia-device-plugin-ds',
};

const MPS_DAEMON = 'nvidia-mps-control-daemon';
const DISCOVERY = 'gpu-feature-discovery';

/** The DaemonSets among them, in the order in which they are waited for: the plugin itself waits for MPS. */
export const devicePluginWorkloads = ({
  sharing,
  hasFeatureDiscovery,
}: NvidiaDevicePlugin): readonly Workload[] => [
  ...(sharing?.strategy === 'mps' ? [workloadOf(MPS_DAEMON)] : []),
  nvidiaPlugin,
  ...(hasFeatureDiscovery ? [workloadOf(DISCOVERY)] : []),
];

const workloadOf = (name: string): Workload => ({
  kind: 'DaemonSet',
  namespace: NAMESPACE,
  name,
  selector: `name=${name}`,
});

/**
 * NVIDIA's device plugin as objects, like its static manifest, but only on nodes with GPUs, under the NVIDIA runtime and
 * with settings. MPS and feature discovery bring objects of their own.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0/deployments/helm/nvidia-device-plugin/templates
 */
export function devicePluginObjects(plugin: NvidiaDevicePlugin): string {
  const config = stringify(pluginConfig(plugin));
  const isMps = plugin.sharing?.strategy === 'mps';
  const daemonSet = (path: string): Document => {
    const digest = sha256Of(config);
    const object = objectTemplate(path, { image: `${plugin.image}:v${plugin.version}`, digest });
    if (plugin.migStrategy !== 'none') monitorMig(object);
    return object;
  };
  const pods = daemonSet('gpu/device-plugin.yaml');
  if (isMps) mountMps(pods);
  return writeObjects([
    objectTemplate('gpu/device-plugin-config.yaml', { config }),
    pods,
    ...(isMps ? [daemonSet('gpu/mps-control-daemon.yaml')] : []),
    ...(plugin.hasFeatureDiscovery ? [daemonSet('gpu/gpu-feature-discovery.yaml')] : []),
  ]);
}

/**
 * What the device plugin, the control daemon of MPS and feature discovery read.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md#configuring-the-nvidia-device-plugin-binary
 */
export const pluginConfig = ({ migStrategy, sharing }: NvidiaDevicePlugin): JsonObject => ({
  version: 'v1',
  flags: { migStrategy },
  ...(sharing !== undefined && { sharing: sharingConfig(sharing) }),
});

function sharingConfig({ strategy, replicas, isRenamed, isLimitedToOne }: GpuSharing): JsonObject {
  const resources = [{ name: 'nvidia.com/gpu', replicas }];
  if (strategy === 'mps') return { mps: { resources } };
  return {
    timeSlicing: { renameByDefault: isRenamed, failRequestsGreaterThanOne: isLimitedToOne, resources },
  };
}

const POD = ['spec', 'template', 'spec'] as const;
const CONTAINER = [...POD, 'containers', 0] as const;

/** MIG devices are watched by a capability of their own, which the driver checks. */
function monitorMig(object: Document): void {
  object.addIn([...CONTAINER, 'env'], { name: 'NVIDIA_MIG_MONITOR_DEVICES', value: 'all' });
  const context = [...CONTAINER, 'securityContext'];
  if (!object.hasIn([...context, 'privileged']))
    object.setIn(context, { capabilities: { add: ['SYS_ADMIN'] } });
}

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml (mps.root) */
const MPS_ROOT = '/run/nvidia/mps';

/** The plugin looks at the health of the control daemon of MPS through its shared memory. */
function mountMps(object: Document): void {
  object.addIn([...CONTAINER, 'env'], { name: 'MPS_ROOT', value: MPS_ROOT });
  object.addIn([...CONTAINER, 'volumeMounts'], { name: 'mps-shm', mountPath: '/dev/shm' });
  object.addIn([...CONTAINER, 'volumeMounts'], { name: 'mps-root', mountPath: '/mps' });
  object.addIn([...POD, 'volumes'], {
    name: 'mps-root',
    hostPath: { path: MPS_ROOT, type: 'DirectoryOrCreate' },
  });
  object.addIn([...POD, 'volumes'], { name: 'mps-shm', hostPath: { path: `${MPS_ROOT}/shm`, type: '' } });
}
