import { type Document, stringify } from 'yaml';

import type { Host } from '#core/cluster.ts';
import { type GpuSharing, type NvidiaDevicePlugin, pluginOn } from '#core/gpu.ts';
import type { JsonObject } from '#core/json.ts';
import { sha256Of } from '#core/sha256.ts';

import { CONFIG_LABEL } from '#core/gpu-labels.ts';
import { objectTemplate, objectTemplates, writeObjects } from './object-templates.ts';
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

/** Lets the config manager read the labels of its node. */
export const CONFIG_MANAGER_ACCOUNT = 'nvidia-device-plugin';

/**
 * The DaemonSets among them, in the order in which they are waited for: the plugin itself waits for MPS.
 *
 * @param others the plugin as it is on hosts that say otherwise.
 */
export const devicePluginWorkloads = (
  plugin: NvidiaDevicePlugin,
  others: readonly NvidiaDevicePlugin[],
): readonly Workload[] => [
  ...([plugin, ...others].some(hasMps) ? [workloadOf(MPS_DAEMON)] : []),
  nvidiaPlugin,
  ...(plugin.hasFeatureDiscovery ? [workloadOf(DISCOVERY)] : []),
];

const hasMps = ({ sharing }: NvidiaDevicePlugin): boolean => sharing?.strategy === 'mps';

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
 * @param others the plugin as it is on hosts that say otherwise: their nodes name its configuration in a label, which
 * NVIDIA's config manager follows.
 * @see https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0/deployments/helm/nvidia-device-plugin/templates
 */
export function devicePluginObjects(
  plugin: NvidiaDevicePlugin,
  others: readonly NvidiaDevicePlugin[] = [],
): string {
  const all = [plugin, ...others];
  const image = `${plugin.image}:v${plugin.version}`;
  const config = stringify(pluginConfig(plugin));
  const named = Object.fromEntries(
    others.map((other) => [pluginConfigName(other), stringify(pluginConfig(other))]),
  );
  const configs: Readonly<Record<string, string>> =
    others.length === 0 ? { [CONFIG_FILE]: config } : { [DEFAULT_CONFIG]: config, ...named };
  const digest = sha256Of(others.length === 0 ? config : JSON.stringify(configs));
  const daemonSet = (path: string, program: string): Document => {
    const object = objectTemplate(path, { image, digest });
    if (all.some(({ migStrategy }) => migStrategy !== 'none')) monitorMig(object);
    if (others.length > 0) followLabel(object, program, image);
    return object;
  };
  const pods = daemonSet('gpu/device-plugin.yaml', 'nvidia-device-plugin');
  const isMps = all.some(hasMps);
  if (isMps) mountMps(pods);
  return writeObjects([
    ...(others.length > 0 ? objectTemplates('gpu/config-manager.yaml') : []),
    objectTemplate('gpu/device-plugin-config.yaml', { configs }),
    pods,
    ...(isMps ? [daemonSet('gpu/mps-control-daemon.yaml', 'mps-control-daemon')] : []),
    ...(plugin.hasFeatureDiscovery ? [daemonSet('gpu/gpu-feature-discovery.yaml', DISCOVERY)] : []),
  ]);
}

const CONFIG_FILE = 'config.yaml';
/** What nodes without a label have. */
const DEFAULT_CONFIG = 'default';

/** `mig-mixed.time-slicing-4`: what the label of a node names; told apart by all that {@link pluginConfig} writes. */
export function pluginConfigName({ migStrategy, sharing }: NvidiaDevicePlugin): string {
  const { strategy, replicas, isRenamed, isLimitedToOne } = sharing ?? {};
  const parts = [
    ...(migStrategy === 'none' ? [] : [`mig-${migStrategy}`]),
    ...(sharing === undefined ? [] : [`${strategy}-${replicas}`]),
    ...(isRenamed === true ? ['renamed'] : []),
    ...(isLimitedToOne === true && strategy !== 'mps' ? ['limited'] : []),
  ];
  return parts.length === 0 ? 'whole' : parts.join('.');
}

/** Whether a host has another configuration than that of the cluster. */
export const isOtherwise = (plugin: NvidiaDevicePlugin, host: Pick<Host, 'gpuDevices'>): boolean =>
  pluginConfigName(pluginOn(plugin, host)) !== pluginConfigName(plugin);

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

/**
 * The program's configuration is chosen by the label of its node, before it starts and again when the label changes: it
 * then gets SIGHUP, and starts over.
 *
 * @param program as its process is called.
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/cmd/config-manager/main.go
 */
function followLabel(object: Document, program: string, image: string): void {
  const manager = (name: string, isOnce: boolean): unknown =>
    objectTemplate('gpu/config-manager-container.yaml', {
      name,
      image,
      isOnce: String(isOnce),
      label: CONFIG_LABEL,
      fallback: DEFAULT_CONFIG,
      isTold: String(!isOnce),
      program,
    }).toJS();
  const { hostPID, initContainers = [], volumes } = object.toJS().spec.template.spec as PodVolumes;
  object.setIn([...POD, 'serviceAccountName'], CONFIG_MANAGER_ACCOUNT);
  // It has to see the process that it tells.
  if (hostPID !== true) object.setIn([...POD, 'shareProcessNamespace'], true);
  object.setIn([...POD, 'initContainers'], [...initContainers, manager('config-manager-init', true)]);
  object.addIn([...POD, 'containers'], manager('config-manager', false));
  object.addIn([...CONTAINER, 'volumeMounts'], { name: AVAILABLE, mountPath: `/${AVAILABLE}` });
  const ofConfig = volumes.findIndex(({ name }) => name === 'config');
  object.setIn([...POD, 'volumes', ofConfig, 'name'], AVAILABLE);
  object.addIn([...POD, 'volumes'], { name: 'config', emptyDir: {} });
}

interface PodVolumes {
  readonly hostPID?: boolean;
  readonly initContainers?: readonly object[];
  readonly volumes: readonly { readonly name: string }[];
}

/** What the node's label chooses from is there. */
const AVAILABLE = 'available-configs';

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
