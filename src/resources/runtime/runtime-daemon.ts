import { criSocket, criUnit } from '#catalog/cri-sockets.ts';
import type { TurnOrder } from '#core/daemon.ts';
import { proxyDropIn } from '#configuration/proxy-drop-in.ts';
import type { Runtime } from '#core/runtime.ts';
import { criState } from '#facts/cri.ts';
import type { DaemonDefinition } from '#resources/host/daemon.ts';

import { CONTAINERD_CONFIG_PATH } from './containerd-configuration.ts';
import { CRI_DOCKERD_FILES } from './cri-dockerd.ts';
import { DOCKER_CONFIG_PATH, DOCKER_RECORD_PATH } from './docker-daemon.ts';
import { CONTAINERD_UNIT_PATH } from './released-containerd.ts';

/** Files are read in the order of their names: only one that an administrator names to come later overrides it. */
export const CRIO_CONFIG_PATH = '/etc/crio/crio.conf.d/90-slipway.conf';
export const CRIO_REGISTRIES_PATH = '/etc/containers/registries.conf.d/90-slipway.conf';

interface RuntimeFiles extends Pick<DaemonDefinition, 'name' | 'units' | 'files' | 'record'> {
  /** Shell patterns of what it reads as it starts, whoever wrote it. */
  readonly reads: readonly string[];
}

/** Files of slipway's in directories that others write to as well are matched by a pattern. */
const FILES: Readonly<Record<Runtime['type'], RuntimeFiles>> = {
  containerd: {
    name: 'containerd',
    units: ['containerd.service'],
    files: [
      CONTAINERD_CONFIG_PATH,
      CONTAINERD_UNIT_PATH,
      proxyDropIn('containerd.service'),
      '/etc/containerd/conf.d/99-nvidia.toml',
    ],
    reads: ['/etc/containerd/conf.d/*.toml'],
  },
  docker: {
    name: 'docker',
    units: ['docker.service', 'cri-docker.service'],
    files: [DOCKER_CONFIG_PATH, proxyDropIn('docker.service'), ...CRI_DOCKERD_FILES],
    record: DOCKER_RECORD_PATH,
    reads: [],
  },
  'cri-o': {
    name: 'crio',
    units: ['crio.service'],
    files: [
      CRIO_CONFIG_PATH,
      CRIO_REGISTRIES_PATH,
      proxyDropIn('crio.service'),
      '/etc/crio/crio.conf.d/99-nvidia.toml',
    ],
    reads: ['/etc/crio/crio.conf', '/etc/crio/crio.conf.d/*'],
  },
};

/** The daemon behind a runtime's CRI socket. */
export const runtimeDaemon = (runtime: Runtime, order?: TurnOrder): DaemonDefinition & RuntimeFiles => ({
  ...FILES[runtime.type],
  health: criState(criSocket(runtime), criUnit(runtime)),
  ...(order !== undefined && { order }),
});
