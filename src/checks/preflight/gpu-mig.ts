import type { Resource } from '#core/resource.ts';
import { gpuState } from '#facts/gpu.ts';

import { check } from './check.ts';

/**
 * With the MIG strategy `single` all GPUs of a host have to be cut into the same profile: otherwise the device plugin
 * ends with an error.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/internal/rm/device_map.go (invalid MIG configuration)
 */
export const gpuMigCheck: Resource = check({
  name: 'GpuMig',
  facts: { gpus: gpuState },
  judge: ({ gpus: { gpus } }, host) => {
    const whole = gpus.filter(({ mig }) => mig.length === 0).length;
    const profiles = [...new Set(gpus.flatMap(({ mig }) => mig))].toSorted();
    if (profiles.length === 0) return 'no GPU is cut';
    if (whole === 0 && profiles.length === 1) return `all GPUs are cut into ${profiles.join()}`;
    return {
      why: `migStrategy single needs all GPUs cut alike, and there are ${[...(whole > 0 ? [`${whole} whole`] : []), ...profiles].join(', ')}`,
      hint: `cut them alike with nvidia-smi mig on ${host}, or set gpu.devicePlugin.migStrategy: mixed`,
    };
  },
});
