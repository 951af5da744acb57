import { DEVICE_PLUGIN_IMAGE, NVIDIA_RELEASES } from '#catalog/nvidia.ts';
import type { Gpu } from '#core/gpu.ts';
import { flag, map, oneOf, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { meaningless } from '#inventory/text/finding.ts';
import { withoutV } from '#inventory/values/version.ts';

import { buildHami } from './hami.ts';
import { pluginDefaults } from './plugin-of.ts';
import { buildSharing } from './sharing.ts';
import { NVIDIA_VERSION } from './toolkit.ts';

const schema = map(
  {
    type: oneOf(['nvidia', 'hami', 'none'], {
      description:
        "NVIDIA's own device plugin; HAMi, which hands out parts of a GPU's memory and cores; or none: you bring your own.",
      default: pluginDefaults.type,
    }),
    version: text({
      description: 'The version of the device plugin; by default 0.20.0, and 2.10.0 for HAMi.',
      wanted: 'a version such as 0.20.0',
      pattern: NVIDIA_VERSION,
      examples: ['0.20.0'],
    }),
    image: text({
      description: 'Where its image comes from, without a tag.',
      wanted: 'an image such as nvcr.io/nvidia/k8s-device-plugin',
      pattern: '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$',
      default: DEVICE_PLUGIN_IMAGE,
    }),
    migStrategy: oneOf(['none', 'single', 'mixed'], {
      description:
        'How MIG devices are offered: not at all, as nvidia.com/gpu where all GPUs of a node are cut alike, or under the names of their profiles.',
      default: pluginDefaults.migStrategy,
    }),
    featureDiscovery: flag({
      description:
        'Also run GPU feature discovery. It writes for Node Feature Discovery, which must be in the cluster to make labels of it.',
      default: false,
    }),
  },
  'What tells the kubelet of GPUs.',
);

/** Keys that say nothing of other device plugins than NVIDIA's. */
const MEANINGLESS = {
  nvidia: [],
  hami: ['migStrategy', 'featureDiscovery'],
  none: ['version', 'image', 'migStrategy', 'featureDiscovery'],
} as const;

export const devicePlugin: Section<typeof schema, Pick<Gpu, 'devicePlugin'>> = {
  schema,
  check: (written = {}, _, path) => {
    const { type = pluginDefaults.type } = written;
    return MEANINGLESS[type]
      .filter((key) => written[key] !== undefined)
      .map((key) => meaningless([...path, key], `with type: ${type}`));
  },
  build: (written = {}, { document: { gpu } }) => {
    const { type, migStrategy, version, image, featureDiscovery } = { ...pluginDefaults, ...written };
    if (type === 'none') return { devicePlugin: { type } };
    if (type === 'hami') return { devicePlugin: buildHami(gpu?.hami, written) };
    const shared = buildSharing(gpu?.sharing);
    return {
      devicePlugin: {
        type,
        version: withoutV(version ?? NVIDIA_RELEASES.devicePlugin),
        image: image ?? DEVICE_PLUGIN_IMAGE,
        migStrategy,
        ...(shared !== undefined && { sharing: shared }),
        hasFeatureDiscovery: featureDiscovery ?? false,
      },
    };
  },
};
