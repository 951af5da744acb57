import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { problemsOf } from './inventory-fixture.ts';

const inventory = (version: string, settings: string): string => `
kubernetes:
  version: ${version}
  ${settings}
hosts:
  - {name: cp1, address: 10.0.0.1, role: control-plane}
`;

const host = (settings: string): string => `
kubernetes: {version: 1.34.9}
hosts:
  - {name: cp1, address: 10.0.0.1, role: control-plane, ${settings}}
`;

describe('fields of KubeletConfiguration', () => {
  it.each([
    [
      '1.34.9',
      'kubelet: {maxPodz: 250}',
      /:4:13: .*"maxPodz" is not a field of KubeletConfiguration in Kubernetes 1\.34.*maxPods/s,
    ],
    [
      '1.34.9',
      "kubelet: {maxPods: '250'}",
      /:4:22: .*must be a whole number from 0 on, without quotes.*"250"/s,
    ],
    ['1.34.9', 'kubelet: {maxPods: -1}', /:4:22: .*must be a whole number from 0 on.*-1/s],
    ['1.34.9', 'kubelet: {maxPods: 1.5}', /must be a whole number/],
    ['1.34.9', 'kubelet: {maxPods: 3000000000}', /must be a whole number/],
    ['1.34.9', 'kubelet: {serializeImagePulls: "no"}', /must be true or false, without quotes/],
    ['1.34.9', 'kubelet: {syncFrequency: 60}', /must be a duration such as 30s/],
    ['1.34.9', 'kubelet: {syncFrequency: 1 minute}', /must be a duration such as 30s/],
    ['1.34.9', 'kubelet: {clusterDNS: 10.96.0.10}', /must be a list/],
    ['1.34.9', 'kubelet: {clusterDNS: [10]}', /clusterDNS\[0\]: must be a text/],
    [
      '1.34.9',
      'kubelet: {authentication: {anonymus: {enabled: false}}}',
      /"anonymus" is not a field of authentication.*anonymous/s,
    ],
    [
      '1.34.9',
      'kubelet: {authentication: {webhook: {enabled: 1}}}',
      /webhook\.enabled: must be true or false/,
    ],
    [
      '1.34.9',
      'kubelet: {evictionHard: {memory.availble: 5%}}',
      /is not a signal of eviction.*memory\.available/s,
    ],
    ['1.34.9', 'kubelet: {evictionHard: {memory.available: lots}}', /must be a quantity or a share/],
    ['1.34.9', 'kubelet: {systemReserved: {cpu: 1}}', /must be a quantity in quotes/],
    [
      '1.34.9',
      'kubelet: {topologyManagerPolicy: strict}',
      /must be one of none, best-effort, restricted, single-numa-node/,
    ],
    ['1.34.9', 'kubelet: {imageGCHighThresholdPercent: 101}', /must be a whole number from 0 to 100/],
    ['1.34.9', 'kubelet: {shutdownGracePeriodByPodPriority: [{priority: high}]}', /must be a whole number/],
    ['1.30.14', 'kubelet: {failCgroupV1: false}', /comes with Kubernetes 1\.31: 1\.30 has it not yet/],
    [
      '1.34.9',
      'kubelet: {featureGates: {MemoryQos: true}}',
      /"MemoryQos" is not a feature gate in Kubernetes 1\.34.*MemoryQoS/s,
    ],
    ['1.34.9', 'kubelet: {featureGates: {GangScheduling: true}}', /comes with Kubernetes 1\.35/],
    ['1.35.8', 'kubelet: {featureGates: {PodIndexLabel: true}}', /was taken away after Kubernetes 1\.34/],
    ['1.34.9', 'kubelet: {featureGates: {MemoryQoS: "yes"}}', /must be true or false/],
  ])(
    'of %s that the kubelet does not take are named with their place: %s',
    async (version, settings, text) => {
      expect(await problemsOf(inventory(version, settings))).toMatch(text);
    },
  );

  it.each([
    [
      '1.34.9',
      'kubelet: {maxPods: 250, evictionHard: {memory.available: 5%, nodefs.available: 1Gi}, failSwapOn: false}',
    ],
    [
      '1.34.9',
      'kubelet: {systemReserved: {cpu: 500m, memory: 1Gi}, shutdownGracePeriod: 1m30s, podPidsLimit: -1}',
    ],
    [
      '1.34.9',
      'kubelet: {logging: {format: json}, registerWithTaints: [], maxPods: null, memorySwap: {swapBehavior: LimitedSwap}}',
    ],
    [
      '1.34.9',
      'kubelet: {reservedMemory: [{numaNode: 0, limits: {memory: 1Gi}}], memoryThrottlingFactor: 0.9}',
    ],
    // Of minors of which not all gates are known, an unknown one is the kubelet's business.
    ['1.30.14', 'kubelet: {featureGates: {SomethingOfThatTime: true}}'],
    [
      '1.37.1',
      'kubelet: {defaultPodSysctls: {net.ipv4.tcp_keepalive_time: "60"}, memoryReservationPolicy: None}',
    ],
  ])('of %s that it takes are taken: %s', async (version, settings) => {
    expect(await problemsOf(inventory(version, settings))).toBe('');
  });

  it('of a host are looked at as well', async () => {
    expect(await problemsOf(host('kubelet: {maxPodz: 1}'))).toMatch(/:4:\d+: .*"maxPodz"/s);
  });
});

describe('flags of programs', () => {
  it.each([
    [
      '1.34.9',
      'apiServer: {extraArgs: {audit-log-maxag: "30"}}',
      /:4:27: .*"audit-log-maxag" is not a flag of kube-apiserver in Kubernetes 1\.34.*audit-log-maxage/s,
    ],
    ['1.34.9', 'apiServer: {extraArgs: {audit-log-maxage: thirty}}', /must be a whole number/],
    ['1.34.9', 'controllerManager: {extraArgs: {node-monitor-grace-period: "40"}}', /must be a duration/],
    ['1.34.9', 'scheduler: {extraArgs: {profiling: "no"}}', /must be true or false/],
    ['1.34.9', 'scheduler: {extraArgs: {no-such-thing-at-all: x}}', /is not a flag of kube-scheduler/],
    ['1.32.9', 'scheduler: {extraArgs: {profilng: "true"}}', /is not a flag of kube-scheduler.*profiling/s],
    ['1.34.9', 'etcd: {extraArgs: {quota-backend-byte: "1"}}', /is not a flag of etcd.*quota-backend-bytes/s],
    [
      '1.34.9',
      'apiServer: {extraArgs: {feature-gates: "MemoryQos=true"}}',
      /"MemoryQos" is not a feature gate/,
    ],
    ['1.34.9', 'apiServer: {extraArgs: {feature-gates: "MemoryQoS"}}', /must be NAME=true or NAME=false/],
    ['1.34.9', 'apiServer: {extraArgs: {min-compatibility-version: "1.33"}}', /comes with Kubernetes 1\.35/],
    [
      '1.34.9',
      'featureGates: {NodeLocalCriSocket: true}',
      /is not a feature gate of kubeadm.*NodeLocalCRISocket/s,
    ],
  ])('of %s that they do not have are named with their place: %s', async (version, settings, text) => {
    expect(await problemsOf(inventory(version, settings))).toMatch(text);
  });

  it.each([
    [
      '1.34.9',
      'apiServer: {extraArgs: {audit-log-maxage: "30", v: "4", enable-admission-plugins: NodeRestriction, profiling: "false"}}',
    ],
    [
      '1.34.9',
      'apiServer: {extraArgs: {feature-gates: "MemoryQoS=true,AllAlpha=false", apiserver-count: "3"}}',
    ],
    ['1.32.9', 'controllerManager: {extraArgs: {some-flag-of-that-time: "x"}}'],
    [
      '1.36.4',
      'etcd: {extraArgs: {quota-backend-bytes: "8589934592", experimental-of-another-release: "true"}}',
    ],
  ])('of %s that they have are taken: %s', async (version, settings) => {
    expect(await problemsOf(inventory(version, settings))).toBe('');
  });

  it('of a kubelet are looked at on each host', async () => {
    expect(await problemsOf(host('kubeletExtraArgs: {node-lables: a=b}'))).toMatch(
      /"node-lables" is not a flag of kubelet in Kubernetes 1\.34.*node-labels/s,
    );
    expect(await problemsOf(host('kubeletExtraArgs: {v: "4", node-labels: a=b}'))).toBe('');
  });
});

it('the catalog is not read where nothing of it is set', () => {
  const source = readFileSync(
    new URL('../../../src/catalog/kubernetes-settings.ts', import.meta.url),
    'utf8',
  );
  expect(source).not.toMatch(/^import .*\.json/m);
});
