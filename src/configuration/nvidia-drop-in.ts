import { stringify } from 'smol-toml';

import { stableJson, type JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';

import { readToml, tableAt } from './toml.ts';

/** Where the toolkit has the runtime that puts GPUs into containers, and what pods call it. */
export const NVIDIA_RUNTIME = { name: 'nvidia', path: '/usr/bin/nvidia-container-runtime' } as const;

export interface NvidiaDropInSettings {
  readonly isDefaultRuntime: boolean;
  /** containerd itself puts CDI devices into containers, beside the NVIDIA runtime. */
  readonly hasCdi: boolean;
}

/**
 * What /etc/containerd/conf.d/99-nvidia.toml has to say beside a configuration: the NVIDIA runtime, with the
 * options of runc.
 *
 * containerd 1.x (format 2) takes a plugin's section from the last file alone, so the copy has to be a whole
 * one; from 2.0 on sections are merged. nvidia-ctk writes the whole section for any version.
 *
 * @returns undefined when no such file can be written for this configuration.
 * @see https://github.com/containerd/containerd/releases/tag/v2.0.0 (#9982)
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/blob/v1.20.0/pkg/config/engine/containerd/containerd.go
 */
export function nvidiaDropIn(configuration: string, settings: NvidiaDropInSettings): string | undefined {
  const wanted = dropInOf(readToml(configuration), settings);
  return (
    wanted &&
    `# Written by slipway; nvidia-ctk may write it too, as long as it says the same.\n${stringify(wanted)}`
  );
}

/** Whether two drop-ins have the same effect, whoever wrote them, and in whatever order. */
export function isSameDropIn(configuration: string, found: string | null, wanted: string): boolean {
  if (found === wanted) return true;
  const root = readToml(configuration);
  const [one, other] = [readToml(found), readToml(wanted)];
  if (root === undefined || one === undefined || other === undefined) return false;
  return one['version'] === other['version'] && effect(root, one) === effect(root, other);
}

/** What containerd makes of both files. */
function effect(root: JsonObject, dropIn: JsonObject): string {
  if (isMerging(root)) return stableJson(mergeObjects(root, dropIn));
  const plugins = { ...tableAt(root, 'plugins'), ...tableAt(dropIn, 'plugins') };
  return stableJson({ ...root, ...dropIn, plugins });
}

function dropInOf(
  root: JsonObject | undefined,
  { isDefaultRuntime, hasCdi }: NvidiaDropInSettings,
): JsonObject | undefined {
  const version = root?.['version'];
  if (root === undefined || typeof version !== 'number' || version < 2) return undefined;
  const plugin = version === 2 ? 'io.containerd.grpc.v1.cri' : 'io.containerd.cri.v1.runtime';
  const section = tableAt(root, 'plugins', plugin) ?? {};
  const runc = tableAt(section, 'containerd', 'runtimes', 'runc') ?? {
    runtime_type: 'io.containerd.runc.v2',
  };
  const own: JsonObject = {
    ...(hasCdi && { enable_cdi: true }),
    containerd: {
      ...(isDefaultRuntime && { default_runtime_name: NVIDIA_RUNTIME.name }),
      runtimes: {
        [NVIDIA_RUNTIME.name]: mergeObjects(runc, { options: { BinaryName: NVIDIA_RUNTIME.path } }),
      },
    },
  };
  return { version, plugins: { [plugin]: isMerging(root) ? own : mergeObjects(section, own) } };
}

const isMerging = ({ version }: JsonObject): boolean => Number(version) > 2;
