import { HAMI_CHARTS, HAMI_IMAGE, NVIDIA_RELEASES } from '#catalog/nvidia.ts';
import type { HamiDevicePlugin } from '#core/gpu.ts';
import { type Accepted, integer, map, number, oneOf, url } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { meaningless } from '#inventory/text/finding.ts';
import { withoutV } from '#inventory/values/version.ts';

import { pluginOf } from './plugin-of.ts';

const defaults = {
  /** @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/charts/hami/values.yaml (devicePlugin.deviceSplitCount) */
  splitCount: 10,
  memoryScaling: 1,
  coreScaling: 1,
  repository: HAMI_CHARTS,
  runsOn: 'controller',
} as const;

const schema = map(
  {
    splitCount: integer({
      description: 'How many containers share a GPU at most.',
      minimum: 1,
      maximum: 100,
      default: defaults.splitCount,
    }),
    memoryScaling: number({
      description: 'How much more memory is handed out than there is; above 1 it spills to the host.',
      minimum: 0.1,
      maximum: 100,
      default: defaults.memoryScaling,
    }),
    coreScaling: number({
      description: 'How many more cores are handed out than there are.',
      minimum: 0.1,
      maximum: 100,
      default: defaults.coreScaling,
    }),
    repository: url({
      description: "Where HAMi's chart comes from: the project's repository of charts, or a mirror of it.",
      default: defaults.repository,
    }),
    runsOn: oneOf(['controller', 'control-plane'], {
      description: 'Where helm renders the chart of HAMi: where slipway runs, or on the first control plane.',
      default: defaults.runsOn,
    }),
  },
  'Settings of HAMi, with devicePlugin.type: hami.',
);

export const hami: Section<typeof schema, object> = {
  schema,
  check: (written, { document }, path) => {
    const { type } = pluginOf(document);
    return written === undefined || type === 'hami'
      ? []
      : [meaningless(path, `with devicePlugin.type: ${type}`)];
  },
};

export function buildHami(
  written: Accepted<typeof schema> | undefined,
  {
    version = NVIDIA_RELEASES.hami,
    image = HAMI_IMAGE,
  }: { readonly version?: string; readonly image?: string },
): HamiDevicePlugin {
  const { repository, ...settings } = { ...defaults, ...written };
  return {
    type: 'hami',
    version: withoutV(version),
    image,
    ...settings,
    repository: repository.replace(/\/+$/, ''),
  };
}
