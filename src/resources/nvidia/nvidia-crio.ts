import { stringify } from 'smol-toml';

import { CRIO_PROGRAMS } from '#catalog/cri-o.ts';
import { crioCopy } from '#configuration/crio-config.ts';
import { NVIDIA_RUNTIME } from '#configuration/nvidia-drop-in.ts';
import { readToml, tableAt } from '#configuration/toml.ts';
import { isEqualJson, type JsonObject } from '#core/json.ts';
import { type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';
import { diffFile } from '#resources/files/diff-file.ts';

/** Where nvidia-ctk writes; it is read after the files of slipway's own. */
export const NVIDIA_CRIO_PATH = '/etc/crio/crio.conf.d/99-nvidia.toml';

/**
 * What the NVIDIA runtime starts containers with: CRI-O's crun, else what the toolkit looks for by itself.
 *
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/blob/v1.20.0/api/config/v1/config.go
 */
export const CRIO_LOW_LEVEL_RUNTIMES = [CRIO_PROGRAMS.crun, 'runc', 'crun'] as const;

/**
 * CRI-O's NVIDIA runtime, in the file that nvidia-ctk would write, or has written. CRI-O merges the files of
 * this directory key by key.
 *
 * @see https://github.com/NVIDIA/nvidia-container-toolkit/blob/v1.20.0/pkg/config/engine/crio/crio.go
 * @see https://github.com/cri-o/cri-o/blob/v1.36.0/docs/crio.conf.d.5.md
 */
export const nvidiaCrio = ({ isDefaultRuntime }: { readonly isDefaultRuntime: boolean }): Resource =>
  resource({
    address: `file:${NVIDIA_CRIO_PATH}`,
    facts: { found: fileContent(NVIDIA_CRIO_PATH) },
    diff: ({ found }) => {
      const content = `# Written by slipway; nvidia-ctk may write it too, as long as it says the same.\n${stringify(dropIn(isDefaultRuntime))}`;
      const isRight = isSame(found.content, isDefaultRuntime);
      return diffFile(found, {
        path: NVIDIA_CRIO_PATH,
        content: isRight ? (found.content ?? content) : content,
        copy: crioCopy(NVIDIA_CRIO_PATH),
      });
    },
  });

const dropIn = (isDefaultRuntime: boolean): JsonObject => ({
  crio: {
    runtime: {
      ...(isDefaultRuntime && { default_runtime: NVIDIA_RUNTIME.name }),
      runtimes: { [NVIDIA_RUNTIME.name]: OWN },
    },
  },
});

const OWN: JsonObject = { runtime_path: NVIDIA_RUNTIME.path, runtime_type: 'oci' };

/** nvidia-ctk also writes what it finds of runc and crun: only the keys of the NVIDIA runtime are compared. */
function isSame(text: string | null, isDefaultRuntime: boolean): boolean {
  const runtime = tableAt(readToml(text), 'crio', 'runtime');
  const own = tableAt(runtime, 'runtimes', NVIDIA_RUNTIME.name);
  const hasDefault = runtime?.['default_runtime'] === NVIDIA_RUNTIME.name;
  return own !== undefined && isEqualJson({ ...own, ...OWN }, own) && hasDefault === isDefaultRuntime;
}
