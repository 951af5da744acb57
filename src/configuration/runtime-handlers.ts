import { stringify } from 'smol-toml';

import { CRIO_PROGRAMS } from '#catalog/cri-o.ts';
import type { JsonObject } from '#core/json.ts';
import { handlersOf, type Runtime, type RuntimeHandler } from '#core/runtime.ts';

/** What gVisor's shim reads. */
export const RUNSC_CONFIGURATION = '/etc/containerd/runsc.toml';

export const hasGvisor = (runtime: Runtime): boolean =>
  runtime.type === 'containerd' && handlersOf(runtime).some(({ type }) => type === 'gvisor');

/**
 * The kubelet's cgroup driver is systemd, so containerd hands out cgroups as systemd names them.
 *
 * @see https://gvisor.dev/docs/user_guide/containerd/configuration/ (binary_name, systemd cgroups)
 */
export function runscConfiguration(runtime: Runtime): string {
  const runsc = handlersOf(runtime).find(({ type }) => type === 'gvisor');
  return `# Written by slipway: runtime.handlers\n${stringify({
    binary_name: runsc?.program ?? '',
    runsc_config: { 'systemd-cgroup': 'true' },
  })}`;
}

/**
 * Tables of containerd's runtimes.
 *
 * @see https://gvisor.dev/docs/user_guide/containerd/configuration/
 * @see https://github.com/kata-containers/kata-containers/blob/3.20.0/docs/how-to/containerd-kata.md
 * @see https://github.com/containerd/containerd/blob/v2.2.0/docs/cri/config.md (BinaryName)
 */
export const containerdHandlers = (handlers: readonly RuntimeHandler[] = []): JsonObject =>
  Object.fromEntries(
    handlers.map(({ name, type, program }) => {
      switch (type) {
        case 'gvisor':
          return [
            name,
            {
              runtime_type: 'io.containerd.runsc.v1',
              options: { TypeUrl: 'io.containerd.runsc.v1.options', ConfigPath: RUNSC_CONFIGURATION },
            },
          ];
        case 'kata':
          return [
            name,
            {
              runtime_type: 'io.containerd.kata.v2',
              privileged_without_host_devices: true,
              pod_annotations: ['io.katacontainers.*'],
            },
          ];
        default:
          return [
            name,
            {
              runtime_type: 'io.containerd.runc.v2',
              options: { BinaryName: program, SystemdCgroup: true },
            },
          ];
      }
    }),
  );

/**
 * Tables of CRI-O's runtimes. Its own conmon is in nobody's PATH.
 *
 * @see https://github.com/cri-o/cri-o/blob/v1.36.0/docs/crio.conf.5.md (CRIO.RUNTIME.RUNTIMES TABLE)
 * @see https://github.com/kata-containers/kata-containers/blob/3.20.0/docs/how-to/run-kata-with-k8s.md
 */
export const crioHandlers = (handlers: readonly RuntimeHandler[]): JsonObject =>
  Object.fromEntries(
    handlers.map(({ name, type, program }) => [
      name,
      type === 'kata'
        ? {
            runtime_path: program,
            runtime_type: 'vm',
            runtime_root: '/run/vc',
            privileged_without_host_devices: true,
            monitor_path: CRIO_PROGRAMS.conmon,
          }
        : {
            runtime_path: program,
            runtime_type: 'oci',
            runtime_root: type === 'gvisor' ? '/run/runsc' : '/run/crun',
            monitor_path: CRIO_PROGRAMS.conmon,
          },
    ]),
  );
