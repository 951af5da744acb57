import { crioDropIns } from '#checks/preflight/crio-drop-ins.ts';
import { registriesConfig } from '#configuration/container-registries.ts';
import { crioConfig, crioCopy } from '#configuration/crio-config.ts';
import { proxyDropIn } from '#configuration/proxy-drop-in.ts';
import type { KindContext } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { type CrioRuntime, endpointsOf } from '#core/runtime.ts';
import { certificate } from '#resources/files/certificate.ts';
import { file } from '#resources/files/file.ts';
import { changesOf } from '#resources/host/daemon.ts';
import { hasLogins, LOGINS_PATH } from '#resources/kubelet/kubelet-logins.ts';
import { unit } from '#resources/host/unit.ts';
import { NVIDIA_CRIO_PATH } from '#resources/nvidia/nvidia-crio.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { repositoryFor } from '#resources/packages/repository.ts';
import { criAnswers } from '#resources/runtime/cri-answers.ts';
import { turnOrder } from '#resources/upgrade/turn-order.ts';
import { CRIO_CONFIG_PATH, CRIO_REGISTRIES_PATH, runtimeDaemon } from '#resources/runtime/runtime-daemon.ts';
import { runtimePackages } from '#resources/runtime/runtime-packages.ts';
import { runtimeProxy } from '#resources/runtime/runtime-proxy.ts';

/**
 * CRI-O, from its own repository; its package brings crun, conmon and the CNI plugins' directory.
 *
 * @see https://github.com/cri-o/packaging/blob/main/README.md (v1.36)
 */
export function crio(runtime: CrioRuntime, { cluster, host, artifacts }: KindContext): readonly Resource[] {
  const wanted = [{ name: 'cri-o', version: runtime.version ?? null }];
  const source = runtime.source.repository;
  const config = crioConfig({
    ...runtime,
    hasGpu: host.gpu !== false,
    logins: hasLogins(cluster.registries, runtime.type) ? LOGINS_PATH : undefined,
  });
  const daemon = runtimeDaemon(runtime, turnOrder(cluster, 'workers'));
  return [
    ...repositoryFor(cluster, { name: 'cri-o', repository: source, artifacts }),
    packageIndex({ name: 'cri-o', packages: wanted }),
    ...cluster.registries
      .flatMap(endpointsOf)
      .flatMap(({ url, caFile }) =>
        caFile === undefined
          ? []
          : [certificate(`/etc/containers/certs.d/${new URL(url).host}/ca.crt`, caFile, artifacts)],
      ),
    crioDropIns(CRIO_CONFIG_PATH, config),
    ...changesOf(
      daemon,
      [
        runtimePackages(daemon, 'cri-o', wanted),
        runtimeProxy(daemon, cluster.proxy),
        ...(cluster.registries.length > 0
          ? [file({ path: CRIO_REGISTRIES_PATH, content: registriesConfig(cluster.registries) })]
          : []),
        file({ path: CRIO_CONFIG_PATH, content: config, copy: crioCopy(CRIO_CONFIG_PATH) }),
        unit({
          name: 'crio',
          isEnabled: true,
          isActive: true,
          isAskedNext: true,
          restartOn: [
            `file:${CRIO_CONFIG_PATH}`,
            ...(cluster.registries.length > 0 ? [`file:${CRIO_REGISTRIES_PATH}`] : []),
            `file:${proxyDropIn('crio.service')}`,
          ],
          watches: [CRIO_CONFIG_PATH, ...(cluster.registries.length > 0 ? [CRIO_REGISTRIES_PATH] : [])],
          reads: daemon.reads,
          managed: host.gpu === false ? [] : [NVIDIA_CRIO_PATH],
        }),
      ],
      criAnswers(host, { restartOn: ['unit:crio.service', 'packages:cri-o'] }),
    ),
  ];
}
