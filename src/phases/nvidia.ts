import { TOOLKIT_PACKAGES } from '#catalog/nvidia.ts';
import type { Gpu, GpuDriver } from '#core/gpu.ts';
import type { KindContext, Phase } from '#core/phase.ts';
import { deferred, gated, type Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import type { UnitAnswer } from '#facts/unit.ts';
import { changesOf, turnsOf, usedPackages } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';
import { cdiSpecification } from '#resources/nvidia/cdi-specification.ts';
import { gpuDriver } from '#resources/nvidia/gpu-driver.ts';
import { migDevices, noMigDevices } from '#resources/nvidia/mig-devices.ts';
import { NVIDIA_DROP_IN_PATH, nvidiaContainerd } from '#resources/nvidia/nvidia-containerd.ts';
import { CRIO_LOW_LEVEL_RUNTIMES, NVIDIA_CRIO_PATH, nvidiaCrio } from '#resources/nvidia/nvidia-crio.ts';
import { nvidiaDocker } from '#resources/nvidia/nvidia-docker.ts';
import { nvidiaMode } from '#resources/nvidia/nvidia-mode.ts';
import { onGpuHost } from '#resources/nvidia/on-gpu-host.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import { repositoryFor, repositoryKeys } from '#resources/packages/repository.ts';
import { criAnswers } from '#resources/runtime/cri-answers.ts';
import { DOCKER_CONFIG_PATH } from '#resources/runtime/docker-daemon.ts';
import { runtimeDaemon } from '#resources/runtime/runtime-daemon.ts';
import { drainedAround } from '#resources/upgrade/drained-change.ts';
import { turnOrder } from '#resources/upgrade/turn-order.ts';

/** @see https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html (1.20.0) */
export const nvidia: Phase = {
  name: 'nvidia',
  summary: 'on GPU hosts: the NVIDIA Container Toolkit, and its runtime known to the container runtime',
  needs: () => ['runtime'],
  artifacts: ({ gpu, hosts }) =>
    gpu.toolkit !== null && hosts.some((host) => host.gpu !== false)
      ? repositoryKeys(gpu.toolkit.repository)
      : [],
  common: (context) =>
    context.host.gpu === false ? [] : resources(context).map((one) => onGpuHost(context.host, one)),
  resources: ({ cluster, host }, common) =>
    drainedAround(common, { cluster, host, phase: 'nvidia', before: cluster.upgrade.drain.nvidia }),
};

function resources(context: KindContext): readonly Resource[] {
  const { cluster, host, artifacts } = context;
  const { toolkit, mode } = cluster.gpu;
  const driver = cluster.gpu.driver === 'none' ? undefined : cluster.gpu.driver;
  const phase = 'nvidia';
  const daemon = runtimeDaemon(host.runtime, turnOrder(cluster, 'workers'));
  const index = driver === undefined ? [] : [driverIndex(driver)];
  const installed = driver === undefined ? [] : [usedPackages(gpuDriver(driver, phase), daemon)];
  if (toolkit === null) return [...index, ...installed];
  const wanted = TOOLKIT_PACKAGES.map((name) => ({ name, version: toolkit.version }));
  return [
    ...index,
    ...repositoryFor(cluster, {
      name: 'nvidia-container-toolkit',
      repository: toolkit.repository,
      artifacts,
    }),
    packageIndex({ name: 'nvidia-container-toolkit', packages: wanted }),
    ...installed,
    usedPackages(
      packages({ name: 'nvidia-container-toolkit', packages: wanted, isHeld: true, phase }),
      daemon,
    ),
    ...(host.gpuDevices?.migDevices === undefined
      ? [noMigDevices]
      : migDevices(host.gpuDevices.migDevices, installed[0]?.address).map((one) => ({
          ...one,
          daemon: turnsOf(daemon),
        }))),
    nvidiaMode({
      mode,
      phase,
      ...(host.runtime.type === 'cri-o' && { runtimes: CRIO_LOW_LEVEL_RUNTIMES }),
    }),
    ...(mode === 'cdi' ? [cdiSpecification()] : []),
    ...changesOf(daemon, ENGINES[host.runtime.type](context), asked(host)),
  ];
}

const driverIndex = ({ package: name, version }: GpuDriver): Resource =>
  packageIndex({ name: 'nvidia-driver', packages: [{ name, version }] });

/** How each runtime comes to know the NVIDIA one. */
const ENGINES: Readonly<Record<Runtime['type'], (context: KindContext) => readonly Resource[]>> = {
  containerd: ({ cluster: { gpu } }) => [
    nvidiaContainerd({ ...settingsOf(gpu), phase: RUNTIME }),
    restarted('containerd', NVIDIA_DROP_IN_PATH, `file:${NVIDIA_DROP_IN_PATH}`),
  ],
  docker: ({ cluster: { gpu } }) => {
    const daemon = nvidiaDocker({ ...settingsOf(gpu), phase: RUNTIME });
    return [daemon, restarted('docker', DOCKER_CONFIG_PATH, daemon.address)];
  },
  'cri-o': ({ cluster: { gpu } }) => [
    nvidiaCrio(settingsOf(gpu)),
    restarted('crio', NVIDIA_CRIO_PATH, `file:${NVIDIA_CRIO_PATH}`),
  ],
};

/** With its NVIDIA settings the runtime answers as it did without. */
const asked = ({ runtime }: KindContext['host']): Resource =>
  criAnswers(
    { runtime },
    { address: 'nvidia-cri', restartOn: [`nvidia-runtime:${runtimeDaemon(runtime).name}`], phase: 'nvidia' },
  );

const settingsOf = ({ isDefaultRuntime, mode }: Gpu) => ({ isDefaultRuntime, hasCdi: mode === 'cdi' });

const RUNTIME = 'runtime';

/** The daemon runs on the configuration of this phase. If phase `runtime` restarts it as well, that comes first. */
function restarted(name: string, path: string, address: string): Resource {
  const running = unit({ name, isEnabled: true, isActive: true, restartOn: [address], watches: [path] });
  const named: Resource = {
    ...running,
    address: `nvidia-runtime:${name}`,
    restartOn: [...running.restartOn, running.address],
  };
  return gated(named, {}, (answers, context, decide) => {
    const { changed, host } = context;
    if (!changed.includes(running.address)) return decide();
    const started = running.diff({ ...answers, unit: STARTED } as never, {
      ...context,
      changed: changed.filter((one) => one !== running.address),
    });
    return deferred({ host, phase: RUNTIME }, `${name}, which is started there`, started);
  });
}

const STARTED: UnitAnswer = {
  load: 'loaded',
  file: 'enabled',
  needsReload: false,
  active: 'active',
  startedAt: null,
};
