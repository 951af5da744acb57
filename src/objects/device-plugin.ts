import { createHash } from 'node:crypto';

import { stringify } from 'yaml';

import type { JsonObject } from '#core/cluster.ts';
import type { GpuSharing, NvidiaDevicePlugin } from '#core/gpu.ts';
import type { Json } from '#core/json.ts';
import { DEVICE_PLUGIN_SETS } from '#facts/device-plugins.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';

import { GPU_LABEL, MPS_LABEL } from './gpu-labels.ts';
import type { Workload } from './workload.ts';

const NAMESPACE = 'kube-system';

/** What pods name to get the NVIDIA runtime, where it is not the default. */
export const RUNTIME_CLASS = 'nvidia';

/** @see https://kubernetes.io/docs/concepts/containers/runtime-class/ (v1.34) */
export const runtimeClass = (): string =>
  stringify({
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: RUNTIME_CLASS },
    handler: RUNTIME_CLASS,
  });

/** The device plugin's pods, as a static manifest of NVIDIA's names them too. */
export const nvidiaPlugin: Workload = {
  kind: 'DaemonSet',
  namespace: NAMESPACE,
  name: 'nvidia-device-plugin-daemonset',
  selector: 'name=nvidia-device-plugin-ds',
};

/**
 * NVIDIA's device plugin as objects: what its static manifest has, on nodes with GPUs alone, under the NVIDIA
 * runtime and with its settings; beside it what MPS and feature discovery need.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/static/nvidia-device-plugin.yml
 * @see https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0/deployments/helm/nvidia-device-plugin/templates
 */
export function devicePluginObjects(plugin: NvidiaDevicePlugin): string {
  const config = stringify(pluginConfig(plugin));
  const isMps = plugin.sharing?.strategy === 'mps';
  const objects = [
    configMap(config),
    daemonSet(nvidiaPlugin.name, 'nvidia-device-plugin-ds', config, pluginPod(plugin, isMps)),
    ...(isMps ? [daemonSet(MPS_DAEMON, MPS_DAEMON, config, mpsPod(plugin))] : []),
    ...(plugin.hasFeatureDiscovery ? [daemonSet(DISCOVERY, DISCOVERY, config, discoveryPod(plugin))] : []),
  ];
  return objects.map((object) => stringify(object)).join('---\n');
}

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

const CONFIG_MAP = 'nvidia-device-plugin-config';

/** By which it is known again when another device plugin is wanted. */
const OWN: JsonObject = { [SET_LABEL]: DEVICE_PLUGIN_SETS.nvidia };

const configMap = (config: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: CONFIG_MAP, namespace: NAMESPACE, labels: OWN },
  data: { 'config.yaml': config },
});

/** One pod on each node with GPUs, whatever its taints; new ones when the settings change. */
const daemonSet = (name: string, label: string, config: string, pod: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: NAMESPACE, labels: OWN },
  spec: {
    selector: { matchLabels: { name: label } },
    updateStrategy: { type: 'RollingUpdate' },
    template: {
      metadata: {
        labels: { name: label },
        annotations: { 'slipway/config': createHash('sha256').update(config).digest('hex') },
      },
      spec: {
        priorityClassName: 'system-node-critical',
        runtimeClassName: RUNTIME_CLASS,
        nodeSelector: { [GPU_LABEL]: 'true' },
        tolerations: [{ operator: 'Exists' }],
        ...pod,
      },
    },
  },
});

const imageOf = ({ image, version }: NvidiaDevicePlugin): string => `${image}:v${version}`;

const variable = (name: string, value: string): JsonObject => ({ name, value });

const environment = ({ migStrategy }: NvidiaDevicePlugin): readonly JsonObject[] => [
  variable('CONFIG_FILE', '/config/config.yaml'),
  variable('NVIDIA_VISIBLE_DEVICES', 'all'),
  variable('NVIDIA_DRIVER_CAPABILITIES', 'compute,utility'),
  ...(migStrategy === 'none' ? [] : [variable('NVIDIA_MIG_MONITOR_DEVICES', 'all')]),
];

const mount = (name: string, mountPath: string): JsonObject => ({ name, mountPath });

const hostPath = (name: string, path: string, type = ''): JsonObject => ({
  name,
  hostPath: { path, type },
});

const configVolume: JsonObject = { name: 'config', configMap: { name: CONFIG_MAP } };

function pluginPod(plugin: NvidiaDevicePlugin, isMps: boolean): JsonObject {
  const needsSysAdmin = plugin.migStrategy !== 'none';
  return {
    containers: [
      {
        name: 'nvidia-device-plugin-ctr',
        image: imageOf(plugin),
        command: ['nvidia-device-plugin'],
        env: [...environment(plugin), ...(isMps ? [variable('MPS_ROOT', MPS_ROOT)] : [])],
        securityContext: needsSysAdmin
          ? { capabilities: { add: ['SYS_ADMIN'] } }
          : { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [
          mount('kubelet-device-plugins-dir', '/var/lib/kubelet/device-plugins'),
          mount('config', '/config'),
          // It looks at the control daemon's health through its shared memory.
          ...(isMps ? [mount('mps-shm', '/dev/shm'), mount('mps-root', '/mps')] : []),
        ],
      },
    ],
    volumes: [
      hostPath('kubelet-device-plugins-dir', '/var/lib/kubelet/device-plugins', 'Directory'),
      configVolume,
      ...(isMps ? MPS_VOLUMES : []),
    ],
  };
}

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml (mps.root) */
const MPS_ROOT = '/run/nvidia/mps';
const MPS_VOLUMES: readonly Json[] = [
  hostPath('mps-root', MPS_ROOT, 'DirectoryOrCreate'),
  hostPath('mps-shm', `${MPS_ROOT}/shm`),
];

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/templates/daemonset-mps-control-daemon.yml */
const mpsPod = (plugin: NvidiaDevicePlugin): JsonObject => ({
  nodeSelector: { [GPU_LABEL]: 'true', [MPS_LABEL]: 'true' },
  hostPID: true,
  initContainers: [
    {
      name: 'mps-control-daemon-mounts',
      image: imageOf(plugin),
      command: ['mps-control-daemon', 'mount-shm'],
      securityContext: { privileged: true },
      volumeMounts: [{ ...mount('mps-root', '/mps'), mountPropagation: 'Bidirectional' }],
    },
  ],
  containers: [
    {
      name: 'mps-control-daemon-ctr',
      image: imageOf(plugin),
      command: ['mps-control-daemon'],
      env: [nodeName, ...environment(plugin)],
      securityContext: { privileged: true },
      volumeMounts: [mount('mps-shm', '/dev/shm'), mount('mps-root', '/mps'), mount('config', '/config')],
    },
  ],
  volumes: [...MPS_VOLUMES, configVolume],
});

const nodeName: JsonObject = {
  name: 'NODE_NAME',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
};

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/static/gpu-feature-discovery-daemonset.yaml */
const discoveryPod = (plugin: NvidiaDevicePlugin): JsonObject => ({
  containers: [
    {
      name: 'gpu-feature-discovery',
      image: imageOf(plugin),
      command: ['gpu-feature-discovery'],
      env: [nodeName, ...environment(plugin)],
      securityContext: { privileged: true },
      volumeMounts: [mount('output-dir', FEATURES), mount('host-sys', '/sys'), mount('config', '/config')],
    },
  ],
  volumes: [
    hostPath('output-dir', FEATURES, 'DirectoryOrCreate'),
    hostPath('host-sys', '/sys', 'Directory'),
    configVolume,
  ],
});

const FEATURES = '/etc/kubernetes/node-feature-discovery/features.d';
