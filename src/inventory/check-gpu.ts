import type { Check } from './check-context.ts';
import type { Finding, Path } from './text/problem.ts';

/**
 * What of the GPU settings excludes each other.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md#shared-access-to-gpus
 */
export const checkGpu: Check = ({ document: { gpu } }) => {
  if (gpu === undefined) return [];
  const { devicePlugin = {}, sharing = {}, hami } = gpu;
  const { type = 'nvidia', migStrategy = 'none' } = devicePlugin;
  return [
    ...problemIf(
      sharing.timeSlicing !== undefined && sharing.mps !== undefined,
      ['gpu', 'sharing', 'mps'],
      'timeSlicing and mps exclude each other: keep one of them',
    ),
    ...problemIf(
      sharing.mps !== undefined && migStrategy !== 'none',
      ['gpu', 'sharing', 'mps'],
      `mps does not work on MIG devices: use timeSlicing, or leave out migStrategy: ${migStrategy}`,
    ),
    ...problemIf(
      type !== 'nvidia' && gpu.sharing !== undefined,
      ['gpu', 'sharing'],
      `"sharing" has no meaning with devicePlugin.type: ${type}${type === 'hami' ? ', which shares GPUs by itself: see gpu.hami' : ''}`,
    ),
    ...problemIf(
      type !== 'hami' && hami !== undefined,
      ['gpu', 'hami'],
      `"hami" has no meaning with devicePlugin.type: ${type}`,
    ),
    ...Object.keys(devicePlugin)
      .filter((key) => MEANINGLESS[type].includes(key))
      .flatMap((key) =>
        problemIf(true, ['gpu', 'devicePlugin', key], `"${key}" has no meaning with type: ${type}`),
      ),
  ];
};

const MEANINGLESS: Readonly<Record<'nvidia' | 'hami' | 'none', readonly string[]>> = {
  nvidia: [],
  hami: ['migStrategy', 'featureDiscovery'],
  none: ['version', 'image', 'migStrategy', 'featureDiscovery'],
};

const problemIf = (isWrong: boolean, path: Path, message: string): readonly Finding[] =>
  isWrong ? [{ path, isKey: true, message }] : [];
