import { stringify } from 'smol-toml';

import { CRIO_PROGRAMS } from '#catalog/cri-o.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import type { KindContext } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import type { CrioRuntime, Registry, RegistryEndpoint } from '#core/runtime.ts';
import { file } from '#resources/files/file.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import { certificate } from '#resources/runtime/registry-files.ts';
import { repository } from '#resources/packages/repository.ts';
import { unit } from '#resources/host/unit.ts';

/** Read last, so that nothing shadows it but what an administrator names after it. */
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
  return [
    repository({ name: 'cri-o', repository: source, key: artifacts.get(source.keyUrl) }),
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
    file({ path: CONFIG_PATH, content: crioConfig({ ...runtime, hasGpu: host.gpu !== false }) }),
    unit({
      name: 'crio',
      isEnabled: true,
      isActive: true,
      restartOn: [`file:${CONFIG_PATH}`, `file:${REGISTRIES_PATH}`],
      watches: [CONFIG_PATH, ...(cluster.registries.length > 0 ? [REGISTRIES_PATH] : [])],
    }),
  ];
}

export interface CrioSettings extends Pick<CrioRuntime, 'sandboxImage' | 'config'> {
  /** Whether there will be NVIDIA's runtime, for which CRI-O needs to be told of its own monitor. */
  readonly hasGpu: boolean;
}

/** @see https://github.com/cri-o/cri-o/blob/v1.36.0/docs/crio.conf.5.md */
export function crioConfig({ sandboxImage, config, hasGpu }: CrioSettings): string {
  const own: JsonObject = {
    image: { pause_image: sandboxImage },
    network: { network_dir: '/etc/cni/net.d/', plugin_dirs: ['/opt/cni/bin/'] },
    runtime: { cgroup_manager: 'systemd', ...(hasGpu && { conmon: CRIO_PROGRAMS.conmon }) },
  };
  return `# Written by slipway; settings of your own go into the inventory, under runtime.config.\n${stringify({ crio: mergeObjects(own, config) })}`;
}

/** @see https://github.com/containers/image/blob/v5.36.0/docs/containers-registries.conf.5.md */
export const registriesConfig = (registries: readonly Registry[]): string =>
  `# Written by slipway.\n${stringify({
    registry: registries.map(({ host, endpoint, mirrors }) => ({
      prefix: host,
      location: host === 'docker.io' ? host : locationOf(endpoint),
      ...(isInsecure(endpoint) && { insecure: true }),
      ...(mirrors.length > 0 && {
        mirror: mirrors.map((mirror) => ({
          location: locationOf(mirror),
          ...(isInsecure(mirror) && { insecure: true }),
        })),
      }),
    })),
  })}`;

const endpointsOf = ({ mirrors, endpoint }: Registry): readonly RegistryEndpoint[] => [...mirrors, endpoint];

const locationOf = ({ url }: RegistryEndpoint): string => url.replace(/^https?:\/\//, '');

const isInsecure = ({ url, skipVerify }: RegistryEndpoint): boolean => skipVerify || url.startsWith('http:');
