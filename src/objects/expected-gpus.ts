import type { DevicePlugin } from '#core/gpu.ts';
import type { GpuAnswer } from '#facts/gpu.ts';

const GPU = 'nvidia.com/gpu';

/**
 * What a node is to offer, by the name of the resource: what its driver sees, times sharing.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md#shared-access-to-gpus
 * @see https://docs.nvidia.com/datacenter/cloud-native/kubernetes/latest/index.html (MIG strategies)
 */
export function expectedGpus(
  plugin: Exclude<DevicePlugin, { type: 'none' }>,
  gpus: GpuAnswer['gpus'],
): Readonly<Record<string, number>> {
  if (plugin.type === 'hami') return { [GPU]: gpus.length * plugin.splitCount };
  const { migStrategy, sharing } = plugin;
  const profiles = gpus.flatMap(({ mig }) => mig);
  const whole = gpus.filter(({ mig }) => mig.length === 0).length;
  const name = sharing?.isRenamed === true ? `${GPU}.shared` : GPU;
  const offered = (count: number): Record<string, number> => ({ [name]: count * (sharing?.replicas ?? 1) });
  if (migStrategy === 'none' || profiles.length === 0) return offered(gpus.length);
  if (migStrategy === 'single') return offered(profiles.length);
  const byProfile = Object.entries(Object.groupBy(profiles, (profile) => profile)).map(
    ([profile, all = []]) => [`nvidia.com/mig-${profile.replaceAll('+', '.')}`, all.length] as const,
  );
  return { ...(whole > 0 && offered(whole)), ...Object.fromEntries(byProfile) };
}
