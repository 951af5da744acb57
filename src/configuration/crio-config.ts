import { stringify } from 'smol-toml';

import { CRIO_PROGRAMS } from '#catalog/cri-o.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import type { CrioRuntime } from '#core/runtime.ts';

import { crioHandlers } from './runtime-handlers.ts';

export interface CrioSettings extends Pick<CrioRuntime, 'sandboxImage' | 'config' | 'handlers'> {
  /** Whether NVIDIA's runtime will be there: then CRI-O has to be told where its own conmon is. */
  readonly hasGpu: boolean;
  /** A file with logins for what is pulled without the kubelet; absent: nobody logs in. */
  readonly logins?: string | undefined;
}

/** @see https://github.com/cri-o/cri-o/blob/v1.36.0/docs/crio.conf.5.md */
export function crioConfig({ sandboxImage, config, hasGpu, logins, handlers = [] }: CrioSettings): string {
  const own: JsonObject = {
    image: {
      pause_image: sandboxImage,
      ...(logins !== undefined && { pause_image_auth_file: logins, global_auth_file: logins }),
    },
    network: { network_dir: '/etc/cni/net.d/', plugin_dirs: ['/opt/cni/bin/'] },
    runtime: {
      cgroup_manager: 'systemd',
      ...(hasGpu && { conmon: CRIO_PROGRAMS.conmon }),
      ...(handlers.length > 0 && { runtimes: crioHandlers(handlers) }),
    },
  };
  return `# Written by slipway; settings of your own go into the inventory, under runtime.config.\n${stringify({ crio: mergeObjects(own, config) })}`;
}

/**
 * Where a copy goes of a drop-in that slipway replaces: CRI-O reads every file of its directory, whatever its name.
 *
 * @see https://github.com/cri-o/cri-o/blob/v1.36.0/pkg/config/config.go (UpdateFromPath)
 */
export const crioCopy = (path: string): string =>
  `/etc/crio/${path.slice(path.lastIndexOf('/') + 1)}.before-slipway.bak`;
