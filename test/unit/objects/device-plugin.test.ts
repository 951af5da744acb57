import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

import type { HamiDevicePlugin, NvidiaDevicePlugin } from '../../../src/core/gpu.ts';
import { devicePluginObjects, pluginConfigName } from '../../../src/objects/device-plugin.ts';
import { expectedGpus } from '../../../src/objects/expected-gpus.ts';
import { hamiChart } from '../../../src/objects/hami-chart.ts';

const plugin: NvidiaDevicePlugin = {
  type: 'nvidia',
  version: '0.20.0',
  image: 'nvcr.io/nvidia/k8s-device-plugin',
  migStrategy: 'none',
  hasFeatureDiscovery: false,
};
const hami: HamiDevicePlugin = {
  type: 'hami',
  version: '2.10.0',
  image: 'registry.example.com:5000/projecthami/hami',
  splitCount: 5,
  memoryScaling: 1.5,
  coreScaling: 1,
  repository: 'https://charts.example.com/hami',
  runsOn: 'controller',
};
const shared = (strategy: 'time-slicing' | 'mps', replicas: number, isRenamed = false) => ({
  sharing: { strategy, replicas, isRenamed, isLimitedToOne: strategy === 'mps' },
});

interface PodSpec {
  readonly runtimeClassName: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly containers: readonly [
    { readonly image: string; readonly env: object[]; readonly securityContext: object },
  ];
}
interface Objects {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: { readonly 'config.yaml': string };
  readonly spec: {
    readonly template: { readonly metadata: { annotations: object }; readonly spec: PodSpec };
  };
}

const objectsOf = (more: Partial<NvidiaDevicePlugin> = {}): readonly Objects[] =>
  parseAllDocuments(devicePluginObjects({ ...plugin, ...more })).map(
    (document) => document.toJS() as Objects,
  );
const podOf = (name: string, more: Partial<NvidiaDevicePlugin> = {}): PodSpec =>
  objectsOf(more).find(({ metadata }) => metadata.name === name)!.spec.template.spec;
const configOf = (more: Partial<NvidiaDevicePlugin> = {}): unknown =>
  parse(objectsOf(more)[0]?.data?.['config.yaml'] ?? '');

const annotations = (more = {}) => objectsOf(more)[1]?.spec.template.metadata.annotations;
const names = (more = {}) => objectsOf(more).map(({ metadata }) => metadata.name);

describe("NVIDIA's device plugin", () => {
  it('runs under the NVIDIA runtime, on nodes with GPUs alone', () => {
    const pod = podOf('nvidia-device-plugin-daemonset');
    expect(pod.runtimeClassName).toBe('nvidia');
    expect(pod.nodeSelector).toEqual({ 'nvidia.com/gpu.present': 'true' });
    expect(pod.containers[0].image).toBe('nvcr.io/nvidia/k8s-device-plugin:v0.20.0');
  });

  it('is told how GPUs are shared, in its own words', () => {
    expect(configOf()).toEqual({ version: 'v1', flags: { migStrategy: 'none' } });
    expect(configOf(shared('time-slicing', 4, true))).toMatchObject({
      sharing: {
        timeSlicing: { renameByDefault: true, resources: [{ name: 'nvidia.com/gpu', replicas: 4 }] },
      },
    });
    expect(configOf(shared('mps', 3))).toMatchObject({
      sharing: { mps: { resources: [{ name: 'nvidia.com/gpu', replicas: 3 }] } },
    });
  });

  it('gets new pods when its settings change', () => {
    expect(annotations()).not.toEqual(annotations(shared('time-slicing', 2)));
    expect(annotations()).toEqual(annotations());
  });

  it('may look at MIG devices where they are offered', () => {
    const { containers } = podOf('nvidia-device-plugin-daemonset', { migStrategy: 'mixed' });
    expect(containers[0].securityContext).toEqual({ capabilities: { add: ['SYS_ADMIN'] } });
    expect(containers[0].env).toContainEqual({ name: 'NVIDIA_MIG_MONITOR_DEVICES', value: 'all' });
  });

  it('has the control daemon of MPS and feature discovery beside it where they are asked for', () => {
    expect(names()).toEqual(['nvidia-device-plugin-config', 'nvidia-device-plugin-daemonset']);
    expect(names({ ...shared('mps', 2), hasFeatureDiscovery: true })).toEqual([
      ...names(),
      'nvidia-mps-control-daemon',
      'gpu-feature-discovery',
    ]);
    expect(podOf('nvidia-mps-control-daemon', shared('mps', 2)).nodeSelector).toEqual({
      'nvidia.com/gpu.present': 'true',
      'nvidia.com/mps.capable': 'true',
    });
  });
});

describe("NVIDIA's device plugin with hosts that say otherwise", () => {
  const others = [
    { ...plugin, ...shared('time-slicing', 4) },
    { ...plugin, migStrategy: 'mixed' as const },
  ];
  const objects = parseAllDocuments(devicePluginObjects(plugin, others)).map(
    (document) => document.toJS() as Objects,
  );
  const pod = objects.find(({ kind }) => kind === 'DaemonSet')!.spec.template.spec as PodSpec & {
    readonly shareProcessNamespace: boolean;
    readonly serviceAccountName: string;
    readonly initContainers: readonly { readonly env: readonly object[] }[];
    readonly volumes: readonly object[];
  };

  it('has a configuration of each, under the name that labels of nodes say', () => {
    const { data = {} } = objects.find(({ kind }) => kind === 'ConfigMap')!;
    expect(Object.entries(data).map(([name, text]) => [name, parse(String(text))])).toEqual([
      ['default', { version: 'v1', flags: { migStrategy: 'none' } }],
      ['time-slicing-4', expect.objectContaining({ sharing: { timeSlicing: expect.anything() } })],
      ['mig-mixed', { version: 'v1', flags: { migStrategy: 'mixed' } }],
    ]);
  });

  it("has NVIDIA's config manager choose before it starts, and tell it when the label changes", () => {
    expect(objects.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'DaemonSet',
    ]);
    expect(pod).toMatchObject({
      serviceAccountName: 'nvidia-device-plugin',
      shareProcessNamespace: true,
      initContainers: [
        { command: ['config-manager'], env: expect.arrayContaining([{ name: 'ONESHOT', value: 'true' }]) },
      ],
      containers: [
        {
          name: 'nvidia-device-plugin-ctr',
          volumeMounts: expect.arrayContaining([
            { name: 'config', mountPath: '/config' },
            { name: 'available-configs', mountPath: '/available-configs' },
          ]),
        },
        {
          command: ['config-manager'],
          env: expect.arrayContaining([
            { name: 'SEND_SIGNAL', value: 'true' },
            { name: 'PROCESS_TO_SIGNAL', value: 'nvidia-device-plugin' },
          ]),
        },
      ],
    });
    expect(pod.volumes).toEqual(
      expect.arrayContaining([
        { name: 'available-configs', configMap: { name: 'nvidia-device-plugin-config' } },
        { name: 'config', emptyDir: {} },
      ]),
    );
  });

  it('may watch MIG devices where a single host has them, and has the daemon of MPS for one that wants it', () => {
    expect(pod.containers[0].securityContext).toEqual({ capabilities: { add: ['SYS_ADMIN'] } });
    const withMps = devicePluginObjects(plugin, [{ ...plugin, ...shared('mps', 2) }]);
    expect(withMps).toContain('name: nvidia-mps-control-daemon');
    expect(withMps).toContain('value: mps-control-daemon');
  });

  it('is the same as ever where no host does', () => {
    expect(devicePluginObjects(plugin, [])).not.toContain('config-manager');
  });

  it.each([
    [{}, 'whole'],
    [{ migStrategy: 'single' as const }, 'mig-single'],
    [shared('mps', 3), 'mps-3'],
    [
      { ...shared('time-slicing', 2, true), migStrategy: 'mixed' as const },
      'mig-mixed.time-slicing-2.renamed',
    ],
  ])('calls %j %s', (more, name) => {
    expect(pluginConfigName({ ...plugin, ...more })).toBe(name);
  });
});

describe('HAMi', () => {
  it('has its chart told of hosts that say otherwise, and new pods for it', () => {
    const kubernetes = { version: '1.34.9', imageRepository: 'registry.k8s.io' };
    const { values } = hamiChart(hami, kubernetes, [
      { name: 'gpu1', gpuDevices: { splitCount: 2, memoryScaling: 2 } },
      { name: 'gpu2' },
    ]);
    const { nodeConfiguration, podAnnotations } = (values as { devicePlugin: never })['devicePlugin'] as {
      readonly nodeConfiguration: { readonly config: string };
      readonly podAnnotations: object;
    };
    expect(JSON.parse(nodeConfiguration.config)).toEqual({
      nodeconfig: [{ name: 'gpu1', operatingmode: 'hami-core', devicesplitcount: 2, devicememoryscaling: 2 }],
    });
    expect(Object.keys(podAnnotations)).toEqual(['slipway/node-configuration']);
  });

  it('has its chart told of nodes, images and sharing', () => {
    const kubernetes = { version: '1.34.9', imageRepository: 'registry.k8s.io' };
    expect(hamiChart(hami, kubernetes, [])).toMatchObject({
      name: 'slipway-hami',
      repository: 'https://charts.example.com/hami',
      version: '2.10.0',
      namespace: 'kube-system',
      values: {
        fullnameOverride: 'hami',
        scheduler: {
          kubeScheduler: {
            image: { registry: 'registry.k8s.io', repository: 'kube-scheduler', tag: 'v1.34.9' },
          },
        },
        devicePlugin: {
          image: { registry: 'registry.example.com:5000', repository: 'projecthami/hami', tag: 'v2.10.0' },
          deviceSplitCount: 5,
          deviceMemoryScaling: 1.5,
          runtimeClassName: 'nvidia',
          nvidiaNodeSelector: { gpu: null, 'nvidia.com/gpu.present': 'true' },
        },
      },
    });
  });
});

it('HAMi has further values of its chart over those that slipway gives it', () => {
  const kubernetes = { version: '1.34.9', imageRepository: 'registry.k8s.io' };
  const values = { scheduler: { leaderElect: false }, devicePlugin: { deviceSplitCount: 3 } };
  expect(hamiChart({ ...hami, values }, kubernetes, []).values).toMatchObject({
    scheduler: { leaderElect: false, kubeScheduler: { image: { tag: 'v1.34.9' } } },
    devicePlugin: { deviceSplitCount: 3, runtimeClassName: 'nvidia' },
  });
});

describe('GPUs that a node is to offer', () => {
  const two = [{ mig: [] }, { mig: [] }];
  const cut = [{ mig: ['1g.5gb', '1g.5gb', '1g.5gb+me'] }, { mig: [] }];

  it.each([
    ['as many as the driver sees', plugin, two, { 'nvidia.com/gpu': 2 }],
    ['times sharing', { ...plugin, ...shared('time-slicing', 4) }, two, { 'nvidia.com/gpu': 8 }],
    [
      'under the name that sharing gives them',
      { ...plugin, ...shared('time-slicing', 4, true) },
      two,
      { 'nvidia.com/gpu.shared': 8 },
    ],
    ['times the split of HAMi', hami, two, { 'nvidia.com/gpu': 10 }],
    ['whole, though they are cut', plugin, cut, { 'nvidia.com/gpu': 2 }],
    [
      'one for each MIG device',
      { ...plugin, migStrategy: 'single' as const },
      cut.slice(0, 1),
      { 'nvidia.com/gpu': 3 },
    ],
    [
      'by profile, beside whole ones',
      { ...plugin, migStrategy: 'mixed' as const },
      cut,
      { 'nvidia.com/gpu': 1, 'nvidia.com/mig-1g.5gb': 2, 'nvidia.com/mig-1g.5gb.me': 1 },
    ],
  ])('are %s', (_, how, gpus, expected) => {
    expect(expectedGpus(how, gpus)).toEqual(expected);
  });
});
