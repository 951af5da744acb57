import { cannotEndPods, CONTAINERD_2_MINOR } from '#catalog/containerd.ts';
import { minorNumber } from '#catalog/kubernetes.ts';
import { check } from '#checks/preflight/check.ts';
import { proxyDropIn } from '#configuration/proxy-drop-in.ts';
import { hasGvisor, RUNSC_CONFIGURATION, runscConfiguration } from '#configuration/runtime-handlers.ts';
import type { Cluster } from '#core/cluster.ts';
import type { KindContext } from '#core/phase.ts';
import { deferred, none, noted, type Resource } from '#core/resource.ts';
import type { ContainerdRuntime } from '#core/runtime.ts';
import { upstreamVersion } from '#distributions/package-version.ts';
import { os } from '#facts/os.ts';
import { downloadRecord } from '#resources/files/download.ts';
import { ownFile } from '#resources/files/own-file.ts';
import { changesOf } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';
import { NVIDIA_DROP_IN_PATH } from '#resources/nvidia/nvidia-containerd.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { repositoryFor } from '#resources/packages/repository.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';
import {
  CONTAINERD_CONFIG_PATH,
  containerdConfiguration,
  type ContainerdVersion,
  versionFacts,
  versionOf,
} from '#resources/runtime/containerd-configuration.ts';
import { containerdEffective } from '#resources/runtime/containerd-effective.ts';
import { criAnswers } from '#resources/runtime/cri-answers.ts';
import { containerdRegistries } from '#resources/runtime/containerd-registries.ts';
import { turnOrder } from '#resources/upgrade/turn-order.ts';
import { runtimeDaemon } from '#resources/runtime/runtime-daemon.ts';
import { runtimePackages } from '#resources/runtime/runtime-packages.ts';
import { runtimeProxy } from '#resources/runtime/runtime-proxy.ts';
import {
  CONTAINERD_UNIT_PATH,
  noReleasedContainerd,
  RELEASED_CNI_BIN,
  releasedContainerd,
} from '#resources/runtime/released-containerd.ts';

/** containerd: from the distribution, from Docker's repository, or as its project releases it. */
export function containerd(runtime: ContainerdRuntime, context: KindContext): readonly Resource[] {
  const { cluster, host, artifacts } = context;
  const phase = 'runtime';
  const isReleased = runtime.source.from === 'upstream';
  const wanted: WantedPackage = {
    ...(runtime.source.from === 'repository' ? { name: 'containerd.io' } : { software: 'containerd' }),
    version: runtime.version ?? null,
  };
  const all = [wanted] as const;
  const version: ContainerdVersion =
    runtime.source.from === 'upstream'
      ? { known: runtime.source.containerd.version, phase }
      : { packages: all, phase };
  const settings = {
    version,
    sandboxImage: runtime.sandboxImage,
    snapshotter: runtime.snapshotter,
    config: runtime.config,
    handlers: runtime.handlers,
    cniBins: isReleased ? [RELEASED_CNI_BIN] : [],
  };
  const daemon = runtimeDaemon(runtime, turnOrder(cluster, 'workers'));
  const managed = host.gpu === false ? [] : [NVIDIA_DROP_IN_PATH];
  return [
    containerRuntimeVersion(version, cluster),
    ...(runtime.source.from === 'upstream'
      ? []
      : [...noReleasedContainerd(), ...index(runtime, all, context)]),
    ...containerdRegistries(cluster.registries, artifacts),
    // Read for each container.
    ...(hasGvisor(runtime) ? [ownFile(RUNSC_CONFIGURATION, runscConfiguration(runtime))] : []),
    ...changesOf(
      daemon,
      [
        ...(runtime.source.from === 'upstream'
          ? releasedContainerd(runtime.source, cluster.proxy)
          : [runtimePackages(daemon, nameOf(wanted), all)]),
        runtimeProxy(daemon, cluster.proxy),
        containerdConfiguration(settings),
        containerdEffective({ ...settings, gpu: host.gpu, managed: managed[0] }),
        unit({
          name: 'containerd',
          isEnabled: true,
          isActive: true,
          isAskedNext: true,
          restartOn: [
            `file:${CONTAINERD_CONFIG_PATH}`,
            `file:${proxyDropIn('containerd.service')}`,
            'download:containerd',
            ...(isReleased ? [`file:${CONTAINERD_UNIT_PATH}`] : []),
          ],
          watches: [
            CONTAINERD_CONFIG_PATH,
            ...(isReleased ? [downloadRecord('containerd'), CONTAINERD_UNIT_PATH] : []),
          ],
          reads: daemon.reads,
          managed,
        }),
      ],
      criAnswers(host, {
        restartOn: ['unit:containerd.service', ...(isReleased ? [] : [`packages:${nameOf(wanted)}`])],
      }),
    ),
  ];
}

const nameOf = (wanted: WantedPackage): string => ('name' in wanted ? wanted.name : wanted.software);

function index(
  { source }: ContainerdRuntime,
  wanted: readonly [WantedPackage],
  { cluster, artifacts }: KindContext,
): readonly Resource[] {
  return [
    ...(source.from === 'repository'
      ? repositoryFor(cluster, { name: 'docker', repository: source.repository, artifacts })
      : []),
    packageIndex({ name: nameOf(wanted[0]), packages: wanted }),
  ];
}

/** kubeadm has a check of the same name. */
function containerRuntimeVersion(wanted: ContainerdVersion, { kubernetes }: Cluster): Resource {
  const minor = minorNumber(kubernetes.version);
  return check({
    name: 'ContainerRuntimeVersion',
    facts: { ...versionFacts(wanted), os: os() },
    judge: (answers, host) => {
      const found = versionOf(wanted, answers);
      if (found === null && minor < CONTAINERD_2_MINOR)
        return 'the one that comes is new enough, as far as is known';
      if (found === null) {
        return deferred(
          { host, phase: wanted.phase },
          'the version of containerd, from the package index',
          none('containerd is new enough'),
        );
      }
      const version = upstreamVersion(found);
      if (cannotEndPods(version, answers.os)) {
        return {
          why: `containerd ${found} does not know the profile that AppArmor 4 has for runc here, so that pods would never end`,
          hint: 'have the updates of the release among the sources of apt, whose containerd is newer, or choose runtime.source upstream or docker',
        };
      }
      if (!version.startsWith('1.') || minor < CONTAINERD_2_MINOR - 1) return `containerd ${found}`;
      if (minor >= CONTAINERD_2_MINOR) {
        return {
          why: `containerd ${found} is too old for Kubernetes ${kubernetes.version}, which wants 2.0 or newer`,
          hint: 'choose runtime.source upstream or docker, an older Kubernetes, or a distribution with containerd 2',
        };
      }
      return noted(none(`containerd ${found}`), [
        `Kubernetes 1.${CONTAINERD_2_MINOR} wants containerd 2.0 or newer, and the one here is ${version}`,
      ]);
    },
  });
}
