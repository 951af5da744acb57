import { TOOLKIT_PACKAGES } from '#catalog/nvidia.ts';
import type { Host } from '#core/cluster.ts';
import type { Gpu } from '#core/gpu.ts';
import type { Phase, PhaseContext } from '#core/phase.ts';
import { type PhaseRef, type Resource, deferred } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { DOCKER_CONFIG_PATH } from '#resources/docker-daemon.ts';
import { gpuDriver } from '#resources/gpu-driver.ts';
import { NVIDIA_DROP_IN_PATH, nvidiaContainerd } from '#resources/nvidia-containerd.ts';
import { NVIDIA_CRIO_PATH, nvidiaCrio } from '#resources/nvidia-crio.ts';
import { nvidiaDocker } from '#resources/nvidia-docker.ts';
import { cdiSpecification, nvidiaMode } from '#resources/nvidia-toolkit.ts';
import { onGpuHost } from '#resources/on-gpu-host.ts';
import { packageIndex } from '#resources/package-index.ts';
import { packages } from '#resources/packages.ts';
import { repository, repositoryKey } from '#resources/repository.ts';
import { unit } from '#resources/unit.ts';

/** @see https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html (1.20.0) */
export const nvidia: Phase = {
  name: 'nvidia',
  summary: 'on GPU hosts: the NVIDIA Container Toolkit, and its runtime known to the container runtime',
  needs: () => ['runtime'],
  artifacts: ({ gpu, hosts }) =>
    hosts.some((host) => host.gpu !== false) ? [repositoryKey(gpu.toolkit.repository)] : [],
  resources: (context) =>
    context.host.gpu === false ? [] : resources(context).map((one) => onGpuHost(context.host, one)),
};

function resources(context: PhaseContext): readonly Resource[] {
  const { cluster, host, artifacts } = context;
  const { toolkit, mode, driverPackage } = cluster.gpu;
  const phase = { host: host.name, phase: 'nvidia' };
  const wanted = TOOLKIT_PACKAGES.map((name) => ({ name, version: toolkit.version }));
  return [
    ...(driverPackage === undefined ? [] : driver(driverPackage, phase)),
    repository({
      name: 'nvidia-container-toolkit',
      repository: toolkit.repository,
      key: artifacts.get(toolkit.repository.keyUrl),
    }),
    packageIndex({ name: 'nvidia-container-toolkit', packages: wanted }),
    packages({ name: 'nvidia-container-toolkit', packages: wanted, isHeld: true, phase }),
    nvidiaMode({ mode, phase }),
    ...(mode === 'cdi' ? [cdiSpecification()] : []),
    ...ENGINES[host.runtime.type](context),
  ];
}

const driver = (name: string, phase: PhaseRef): readonly Resource[] => [
  packageIndex({ name: 'nvidia-driver', packages: [{ name, version: null }] }),
  gpuDriver(name, phase),
];

/** How each runtime comes to know the NVIDIA one. */
const ENGINES: Readonly<Record<Runtime['type'], (context: PhaseContext) => readonly Resource[]>> = {
  containerd: ({ cluster: { gpu }, host }) => [
    nvidiaContainerd({ ...settingsOf(gpu), phase: runtimeOf(host) }),
    restarted('containerd', NVIDIA_DROP_IN_PATH, `file:${NVIDIA_DROP_IN_PATH}`, runtimeOf(host)),
  ],
  docker: ({ cluster: { gpu }, host }) => {
    const daemon = nvidiaDocker({ ...settingsOf(gpu), phase: runtimeOf(host) });
    return [daemon, restarted('docker', DOCKER_CONFIG_PATH, daemon.address, runtimeOf(host))];
  },
  'cri-o': ({ cluster: { gpu }, host }) => [
    nvidiaCrio(settingsOf(gpu)),
    restarted('crio', NVIDIA_CRIO_PATH, `file:${NVIDIA_CRIO_PATH}`, runtimeOf(host)),
  ],
};

const settingsOf = ({ isDefaultRuntime, mode }: Gpu) => ({ isDefaultRuntime, hasCdi: mode === 'cdi' });

const runtimeOf = ({ name }: Host): PhaseRef => ({ host: name, phase: 'runtime' });

/** A daemon on the configuration that this phase has added to; where phase `runtime` restarts it, it waits for that. */
function restarted(name: string, path: string, address: string, phase: PhaseRef): Resource {
  const running = unit({ name, isEnabled: true, isActive: true, restartOn: [address], watches: [path] });
  return {
    ...running,
    address: `nvidia-runtime:${name}`,
    restartOn: [...running.restartOn, running.address],
    diff: (answers, { changed }) =>
      changed.includes(running.address)
        ? deferred(phase, `${name}, which is started there`)
        : running.diff(answers, { changed }),
  };
}
