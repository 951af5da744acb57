import { proxyDropIn } from '#configuration/proxy-drop-in.ts';
import type { KindContext } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { type DockerRuntime, endpointsOf } from '#core/runtime.ts';
import { certificate } from '#resources/files/certificate.ts';
import { changesOf } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { repositoryFor } from '#resources/packages/repository.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';
import { criAnswers } from '#resources/runtime/cri-answers.ts';
import { criDockerd } from '#resources/runtime/cri-dockerd.ts';
import { DOCKER_CONFIG_PATH, dockerDaemon } from '#resources/runtime/docker-daemon.ts';
import { turnOrder } from '#resources/upgrade/turn-order.ts';
import { runtimeDaemon } from '#resources/runtime/runtime-daemon.ts';
import { runtimePackages } from '#resources/runtime/runtime-packages.ts';
import { runtimeProxy } from '#resources/runtime/runtime-proxy.ts';
import { noReleasedContainerd } from '#resources/runtime/released-containerd.ts';

/** Docker from the distribution or from its own repository, and cri-dockerd in front of it. */
export function docker(
  runtime: DockerRuntime,
  { cluster, host, artifacts }: KindContext,
): readonly Resource[] {
  const daemon = runtimeDaemon(runtime, turnOrder(cluster, 'workers'));
  const wanted = dockerPackages(runtime);
  return [
    ...noReleasedContainerd(),
    ...(runtime.source.from === 'repository'
      ? repositoryFor(cluster, { name: 'docker', repository: runtime.source.repository, artifacts })
      : []),
    packageIndex({ name: 'docker', packages: wanted }),
    // https://docs.docker.com/engine/security/certificates/ (28.x): read at each pull.
    ...cluster.registries
      .flatMap(endpointsOf)
      .flatMap(({ url, caFile }) =>
        caFile === undefined
          ? []
          : [certificate(`/etc/docker/certs.d/${new URL(url).host}/ca.crt`, caFile, artifacts)],
      ),
    ...changesOf(
      daemon,
      [
        runtimePackages(daemon, 'docker', wanted),
        runtimeProxy(daemon, cluster.proxy),
        ...dockerDaemon({ registries: cluster.registries, config: runtime.config }),
        unit({
          name: 'docker',
          isEnabled: true,
          isActive: true,
          restartOn: [`file:${DOCKER_CONFIG_PATH}`, `file:${proxyDropIn('docker.service')}`],
          watches: [DOCKER_CONFIG_PATH],
        }),
        ...criDockerd(runtime, cluster.proxy),
      ],
      criAnswers(host, {
        restartOn: ['unit:docker.service', 'unit:cri-docker.service', 'packages:docker'],
      }),
    ),
  ];
}

/** @see https://docs.docker.com/engine/install/debian/ (28.x) */
function dockerPackages({ source, ...runtime }: DockerRuntime): readonly WantedPackage[] {
  const version = runtime.version ?? null;
  if (source.from === 'distribution') return [{ software: 'docker', version }];
  return [
    { name: 'docker-ce', version },
    { name: 'docker-ce-cli', version },
    { name: 'containerd.io', version: null },
  ];
}
