import fc from 'fast-check';

import type { Resource } from '#core/resource.ts';
import { containerdConfiguration } from '#resources/runtime/containerd-configuration.ts';
import { file } from '#resources/files/file.ts';
import { gpuDriver } from '#resources/nvidia/gpu-driver.ts';
import { kernelModule } from '#resources/host/kernel-module.ts';
import { CALICO_INTERFACES_FILE, unmanagedCalico } from '#resources/host/network-manager.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import { noSwap } from '#resources/host/swap.ts';
import { sysctl, sysctlPath } from '#resources/host/sysctl.ts';
import { changesOf } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';
import { criAnswers } from '#resources/runtime/cri-answers.ts';
import { runtimeDaemon } from '#resources/runtime/runtime-daemon.ts';
import type { Runtime } from '#core/runtime.ts';

import { anyUnit, fileAt, filesOf, hostWith } from './arbitraries.ts';
import { formerPath, type HostModel } from './host-model.ts';

/** Resources, applied in their order, and the hosts that they may meet. */
export interface Law {
  readonly resources: readonly Resource[];
  readonly before: fc.Arbitrary<HostModel>;
  /** Units, and the files that their processes must have been started after. */
  readonly runsOn?: Readonly<Record<string, readonly string[]>>;
}

export const WATCHED_PATH = '/etc/containerd/config.toml';
const KEY = 'net.ipv4.ip_forward';
const PHASE = 'p';

const wanted = [
  { name: 'kubelet', version: '1.34.9' },
  { name: 'cri-tools', version: null },
];

const TEXTS = ['', 'text\n', 'other', 'UUID=1 none swap sw 0 0\n/dev/sda1 / ext4 defaults 0 1\n'];

const CONTAINERD = { type: 'containerd' } as Runtime;

const FILE_AND_ITS_UNIT: readonly Resource[] = [
  file({ path: WATCHED_PATH, content: 'text\n' }),
  unit({
    name: 'containerd',
    isEnabled: true,
    isActive: true,
    restartOn: [`file:${WATCHED_PATH}`],
    watches: [WATCHED_PATH],
  }),
];

const setting = (path: string) => fileAt(path, `${KEY} = 0\n`, `${KEY} = 1\n`);

const modelPackage = fc.record({
  version: fc.option(fc.constantFrom('1.34.9-1.1', '1.34.8-1.1', '1.34.90-1.1')),
  isHeld: fc.boolean(),
});

/** A host in any state that these resources are about. */
export const anyHost = hostWith({
  files: filesOf(
    fileAt(WATCHED_PATH, ...TEXTS),
    fileAt('/etc/fstab', ...TEXTS),
    fileAt(CALICO_INTERFACES_FILE, ...TEXTS, '[keyfile]\nunmanaged-devices=interface-name:cali*\n'),
    ...[true, false].map((isThere) => fileAt(formerPath('containerd', WATCHED_PATH, isThere), 'older\n')),
    ...['/etc/sysctl.d/10-a.conf', '/etc/sysctl.d/99-b.conf', sysctlPath(KEY)].map(setting),
  ),
  sysctls: fc
    .option(fc.constantFrom('0', '1'))
    .map((value) => new Map<string, string>(value === null ? [] : [[KEY, value]])),
  modules: fc.boolean().map((isLoaded) => new Set(isLoaded ? ['overlay'] : [])),
  swaps: fc.subarray(['/dev/sda2', '/swap.img']),
  swapUnits: fc.subarray(['dev-zram0.swap']).map((units) => new Set(units)),
  units: fc.tuple(anyUnit, anyUnit).map(
    ([containerd, manager]) =>
      new Map([
        ['containerd.service', containerd],
        ['NetworkManager.service', manager],
      ]),
  ),
  packages: fc
    .tuple(modelPackage, modelPackage, modelPackage)
    .map(
      ([kubelet, tools, containerd]) => new Map(Object.entries({ kubelet, 'cri-tools': tools, containerd })),
    ),
  offered: fc.constant(
    new Map([
      ['kubelet', ['1.34.90-1.1', '1.34.9-1.1']],
      ['cri-tools', ['1.34.0-1.1']],
      ['containerd', ['1.7.24-1']],
      ['nvidia-driver-580', ['580.95.05-1']],
    ]),
  ),
  isIndexed: fc.boolean(),
});

const onAnyHost = (resource: Resource): Law => ({ resources: [resource], before: anyHost });

export const LAWS_OF_HOSTS = {
  file: onAnyHost(file({ path: WATCHED_PATH, content: 'text\n', mode: 0o600 })),
  sysctl: onAnyHost(sysctl({ key: KEY, value: '1' })),
  'kernel module': onAnyHost(kernelModule('overlay')),
  swap: onAnyHost(noSwap()),
  "Calico's interfaces and NetworkManager": onAnyHost(unmanagedCalico),
  'package index': onAnyHost(packageIndex({ name: 'x', packages: wanted })),
  packages: onAnyHost(packages({ name: 'x', packages: wanted, isHeld: true, phase: PHASE })),
  'free packages': onAnyHost(packages({ name: 'x', packages: wanted, isHeld: false, phase: PHASE })),
  'package of the GPU driver': onAnyHost(gpuDriver({ package: 'nvidia-driver-580', version: null }, PHASE)),
  'containerd configuration': onAnyHost(
    containerdConfiguration({
      version: { packages: [{ name: 'containerd', version: null }], phase: PHASE },
      sandboxImage: 'pause:1',
      config: {},
    }),
  ),
  'running unit': {
    ...onAnyHost(unit({ name: 'containerd', isEnabled: true, isActive: true, watches: [WATCHED_PATH] })),
    runsOn: { 'containerd.service': [WATCHED_PATH] },
  },
  'enabled unit': onAnyHost(unit({ name: 'containerd', isEnabled: true })),
  'stopped unit': onAnyHost(unit({ name: 'containerd', isEnabled: false, isActive: false })),
  'file and the unit that reads it': {
    resources: FILE_AND_ITS_UNIT,
    before: anyHost,
    runsOn: { 'containerd.service': [WATCHED_PATH] },
  },
  'daemon and its file': {
    resources: changesOf(runtimeDaemon(CONTAINERD), FILE_AND_ITS_UNIT, criAnswers({ runtime: CONTAINERD })),
    before: anyHost,
    runsOn: { 'containerd.service': [WATCHED_PATH] },
  },
} satisfies Readonly<Record<string, Law>>;
