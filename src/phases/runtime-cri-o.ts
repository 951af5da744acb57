import { crioDropIns } from '#checks/preflight/crio-drop-ins.ts';
import { registriesConfig } from '#configuration/container-registries.ts';
import { crioConfig, crioCopy } from '#configuration/crio-config.ts';
import type { KindContext } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { type CrioRuntime, endpointsOf } from '#core/runtime.ts';
import { certificate } from '#resources/files/certificate.ts';
import { file } from '#resources/files/file.ts';
import { hasLogins, LOGINS_PATH } from '#resources/kubelet/kubelet-logins.ts';
import { unit } from '#resources/host/unit.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import { repository } from '#resources/packages/repository.ts';

/** Files are read in the order of their names: only one that an administrator names to come later overrides it. */
const CONFIG_PATH = '/etc/crio/crio.conf.d/90-slipway.conf';
const REGISTRIES_PATH = '/etc/containers/registries.conf.d/90-slipway.conf';

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
  return [
    repository({ name: 'cri-o', repository: source, artifacts }),
    packageIndex({ name: 'cri-o', packages: wanted }),
    packages({ name: 'cri-o', packages: wanted, isHeld: false, phase: 'runtime' }),
    ...cluster.registries
      .flatMap(endpointsOf)
      .flatMap(({ url, caFile }) =>
        caFile === undefined
          ? []
          : [certificate(`/etc/containers/certs.d/${new URL(url).host}/ca.crt`, caFile, artifacts)],
      ),
    ...(cluster.registries.length > 0
      ? [file({ path: REGISTRIES_PATH, content: registriesConfig(cluster.registries) })]
      : []),
    crioDropIns(CONFIG_PATH, config),
    file({ path: CONFIG_PATH, content: config, copy: crioCopy(CONFIG_PATH) }),
    unit({
      name: 'crio',
      isEnabled: true,
      isActive: true,
      restartOn: [`file:${CONFIG_PATH}`, `file:${REGISTRIES_PATH}`],
      watches: [CONFIG_PATH, ...(cluster.registries.length > 0 ? [REGISTRIES_PATH] : [])],
    }),
  ];
}
