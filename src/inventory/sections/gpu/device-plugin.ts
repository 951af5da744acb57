import { DEVICE_PLUGIN_IMAGE, HAMI_CHARTS, HAMI_IMAGE, NVIDIA_RELEASES } from '#catalog/nvidia.ts';
import type { Gpu, GpuSharing, HamiDevicePlugin, MigStrategy } from '#core/gpu.ts';
import {
  type Accepted,
  flag,
  freeMap,
  integer,
  map,
  number,
  oneOf,
  required,
  text,
  url,
  type ValidPart,
} from '#core/schema.ts';
import type { Section, ValidDocument } from '#inventory/section.ts';
import { type Finding, meaningless, type Path } from '#inventory/text/problem.ts';
import { withoutV } from '#inventory/values/release.ts';

/** Versions of what NVIDIA releases. */
export const NVIDIA_VERSION = '^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$';

export const MIG_STRATEGIES = ['none', 'single', 'mixed'] as const satisfies readonly MigStrategy[];

const defaults = { type: 'nvidia', migStrategy: 'none' } as const;

/** What other settings of GPUs depend on. */
export const pluginOf = ({ gpu }: ValidDocument) => ({ ...defaults, ...gpu?.devicePlugin });

const replicas = required(
  integer('How many times each GPU is offered.', { minimum: 2, maximum: 100, examples: [4] }),
);

export const sharingSchema = map(
  {
    timeSlicing: map(
      {
        replicas,
        renameByDefault: flag('Offer shared GPUs as nvidia.com/gpu.shared.', { default: false }),
        failRequestsGreaterThanOne: flag('Refuse a pod that asks for more than one share.', {
          default: false,
        }),
      },
      'Containers take turns on a GPU, with all of its memory.',
    ),
    mps: map({ replicas }, 'Containers run on a GPU at once, each with its part of the memory.'),
  },
  'How several containers share a GPU: either timeSlicing or mps.',
);

/** Completed by the strategy, where it is known which of the two to blame. */
export const MPS_WITH_MIG = 'mps does not work on MIG devices: use timeSlicing, or leave out migStrategy';

/** What is wrong within one such map. */
export const sharingFindings = (
  { mps, timeSlicing }: ValidPart<Accepted<typeof sharingSchema>>,
  path: Path,
): readonly Finding[] =>
  mps === undefined || timeSlicing === undefined
    ? []
    : [
        {
          path: [...path, 'mps'],
          isKey: true,
          message: 'timeSlicing and mps exclude each other: keep one of them',
        },
      ];

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md#shared-access-to-gpus */
export const sharing: Section<typeof sharingSchema, object> = {
  schema: sharingSchema,
  validate: (written, { document }, path) => {
    if (written === undefined) return [];
    const { type, migStrategy } = pluginOf(document);
    const instead = type === 'hami' ? ', which shares GPUs by itself: see gpu.hami' : '';
    return [
      ...sharingFindings(written, path),
      ...(written.mps !== undefined && migStrategy !== 'none'
        ? [{ path: [...path, 'mps'], isKey: true, message: `${MPS_WITH_MIG}: ${migStrategy}` }]
        : []),
      ...(type === 'nvidia' ? [] : [meaningless(path, `with devicePlugin.type: ${type}${instead}`)]),
    ];
  },
};

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/api/config/v1/config.go (MPS fails requests for more than one) */
export function buildSharing({ timeSlicing, mps }: Accepted<typeof sharingSchema> = {}):
  | GpuSharing
  | undefined {
  if (mps !== undefined) {
    return { strategy: 'mps', replicas: mps.replicas, isRenamed: false, isLimitedToOne: true };
  }
  return (
    timeSlicing && {
      strategy: 'time-slicing',
      replicas: timeSlicing.replicas,
      isRenamed: timeSlicing.renameByDefault ?? false,
      isLimitedToOne: timeSlicing.failRequestsGreaterThanOne ?? false,
    }
  );
}

const hamiDefaults = {
  /** @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/charts/hami/values.yaml (devicePlugin.deviceSplitCount) */
  splitCount: 10,
  memoryScaling: 1,
  coreScaling: 1,
  repository: HAMI_CHARTS,
  runsOn: 'controller',
} as const;

/** What HAMi takes from each node for itself, too. */
export const splitSettings = {
  splitCount: integer('How many containers share a GPU at most.', {
    minimum: 1,
    maximum: 100,
    default: hamiDefaults.splitCount,
  }),
  memoryScaling: number('How much more memory is handed out than there is; above 1 it spills to the host.', {
    minimum: 0.1,
    maximum: 100,
    default: hamiDefaults.memoryScaling,
  }),
  coreScaling: number('How many more cores are handed out than there are.', {
    minimum: 0.1,
    maximum: 100,
    default: hamiDefaults.coreScaling,
  }),
};

const hamiSchema = map(
  {
    ...splitSettings,
    repository: url("Where HAMi's chart comes from: the project's repository of charts, or a mirror of it.", {
      default: hamiDefaults.repository,
    }),
    runsOn: oneOf(
      ['controller', 'control-plane'],
      'Where helm renders the chart of HAMi: where slipway runs, or on the first control plane.',
      { default: hamiDefaults.runsOn },
    ),
    values: freeMap("Further values of HAMi's chart, over those that slipway gives it.", {
      examples: [{ scheduler: { defaultSchedulerPolicy: { gpuSchedulerPolicy: 'binpack' } } }],
    }),
  },
  'Settings of HAMi, with devicePlugin.type: hami.',
);

const NAMES = ['fullnameOverride', 'nameOverride', 'namespaceOverride'];

export const hami: Section<typeof hamiSchema, object> = {
  schema: hamiSchema,
  validate: (written, { document }, path) => {
    const { type } = pluginOf(document);
    if (written !== undefined && type !== 'hami') {
      return [meaningless(path, `with devicePlugin.type: ${type}`)];
    }
    return NAMES.filter((key) => written?.values?.[key] !== undefined).map((key) => ({
      path: [...path, 'values', key],
      isKey: true,
      message: `"${key}" cannot be set: slipway knows HAMi's objects by the names that it gives them`,
    }));
  },
};

function buildHami(
  written: Accepted<typeof hamiSchema> | undefined,
  {
    version = NVIDIA_RELEASES.hami,
    image = HAMI_IMAGE,
  }: { readonly version?: string; readonly image?: string },
): HamiDevicePlugin {
  const { repository, ...settings } = { ...hamiDefaults, ...written };
  return {
    type: 'hami',
    version: withoutV(version),
    image,
    ...settings,
    repository: repository.replace(/\/+$/, ''),
  };
}

const schema = map(
  {
    type: oneOf(
      ['nvidia', 'hami', 'none'],
      "NVIDIA's own device plugin; HAMi, which hands out parts of a GPU's memory and cores; or none: you bring your own.",
      { default: defaults.type },
    ),
    version: text('The version of the device plugin; by default 0.20.0, and 2.10.0 for HAMi.', {
      wanted: 'a version such as 0.20.0',
      pattern: NVIDIA_VERSION,
      examples: ['0.20.0'],
    }),
    image: text('Where its image comes from, without a tag.', {
      wanted: 'an image such as nvcr.io/nvidia/k8s-device-plugin',
      pattern: '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$',
      default: DEVICE_PLUGIN_IMAGE,
    }),
    migStrategy: oneOf(
      MIG_STRATEGIES,
      'How MIG devices are offered: not at all, as nvidia.com/gpu where all GPUs of a node are cut alike, or under the names of their profiles.',
      { default: defaults.migStrategy },
    ),
    featureDiscovery: flag(
      'Also run GPU feature discovery. It writes for Node Feature Discovery, which must be in the cluster to make labels of it.',
      { default: false },
    ),
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
  validate: (written = {}, _, path) => {
    const { type = defaults.type } = written;
    return MEANINGLESS[type]
      .filter((key) => written[key] !== undefined)
      .map((key) => meaningless([...path, key], `with type: ${type}`));
  },
  build: (written = {}, { document: { gpu } }) => {
    const { type, migStrategy, version, image, featureDiscovery } = { ...defaults, ...written };
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
