import { NVIDIA_RELEASES, NVIDIA_REPOSITORY } from '#catalog/nvidia.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Gpu, GpuMode } from '#core/gpu.ts';
import { fingerprint, flag, map, oneOf, required, type Schema, text, url } from '#core/schema.ts';
import { type Section, sectionOf } from '#inventory/section.ts';
import { meaningless } from '#inventory/text/problem.ts';
import { packageRepository, VERSION_PATTERN, withoutV } from '#inventory/values/release.ts';

import { devicePlugin, hami, NVIDIA_VERSION, sharing } from './gpu/device-plugin.ts';

/** A map, or none, where somebody else brings it. */
const orNone = <T>(settings: Schema<T>, none: string): Schema<'none' | T> => ({
  anyOf: [oneOf(['none'], none), settings],
  description: `${settings.description} ${none}`,
  errorMessage: 'must be a map, or none',
});

const toolkitSettings = map(
  {
    version: text('The version of the NVIDIA Container Toolkit; its four packages are held there.', {
      wanted: 'a version such as 1.20.0',
      pattern: NVIDIA_VERSION,
      default: NVIDIA_RELEASES.toolkit,
    }),
    repository: map(
      {
        url: url('A mirror of the package repository; deb/amd64/ and deb/arm64/ lie below it.', {
          default: NVIDIA_REPOSITORY.url,
        }),
        keyUrl: url('Where the ASCII-armoured public key is.', { default: NVIDIA_REPOSITORY.keyUrl }),
        fingerprint: fingerprint('The fingerprint the key must have.', {
          default: NVIDIA_REPOSITORY.fingerprint,
        }),
      },
      'Where the toolkit comes from.',
    ),
  },
  'The NVIDIA Container Toolkit.',
);

const toolkitSchema = orNone(
  toolkitSettings,
  'none: somebody else brings it, such as the GPU operator; slipway leaves the runtimes of GPU hosts and the RuntimeClass alone.',
);

const toolkit: Section<typeof toolkitSchema, Pick<Gpu, 'toolkit'>> = {
  schema: toolkitSchema,
  validate: (written, { document: { gpu: all } }, path) => {
    if (written !== 'none' || all === undefined) return [];
    const above = path.slice(0, -1);
    const type = all.devicePlugin?.type ?? 'nvidia';
    return [
      ...(type === 'none'
        ? []
        : [
            {
              path,
              message: `none wants devicePlugin: {type: none}: the pods of ${type} run in the runtime that the toolkit brings`,
              got: '"none"',
            },
          ]),
      ...(['mode', 'defaultRuntime', 'vectorAdd'] as const)
        .filter((key) => all[key] !== undefined)
        .map((key) => meaningless([...above, key], 'with toolkit: none')),
    ];
  },
  build: (written) => ({
    toolkit:
      written === 'none'
        ? null
        : {
            version: withoutV(written?.version ?? NVIDIA_RELEASES.toolkit),
            repository: packageRepository(
              written?.repository,
              NVIDIA_REPOSITORY,
              () => NVIDIA_REPOSITORY.keyUrl,
            ),
          },
  }),
};

const driverSettings = map(
  {
    package: required(
      text(
        "The distribution's package of the driver. slipway never reboots; a host where the driver is not loaded afterwards is named.",
        {
          wanted: 'the name of a package such as nvidia-driver',
          pattern: '^[a-z0-9][a-z0-9+.-]+$',
          examples: ['nvidia-driver', 'nvidia-driver-580-server'],
        },
      ),
    ),
    version: text(
      'The version of that package, which is then held; by default the one that is there, or the newest on offer.',
      {
        wanted: 'a version as apt-cache madison prints it, such as 580.95.05-0ubuntu0.24.04.1',
        pattern: VERSION_PATTERN,
        examples: ['580.95.05-0ubuntu0.24.04.1'],
      },
    ),
  },
  'The driver, where slipway is to install it.',
);

const driverSchema = orNone(
  driverSettings,
  'none: a cluster that runs brings it, as the GPU operator does; hosts without one are right.',
);

const driver: Section<typeof driverSchema, Pick<Gpu, 'driver'>> = {
  schema: driverSchema,
  validate: (written, { document: { gpu: all } }, path) =>
    written === 'none' && all?.toolkit !== 'none'
      ? [
          {
            path,
            message:
              'none wants toolkit: none: the toolkit of a host works with the driver that is on the host; leave driver out where that is there already',
            got: '"none"',
          },
        ]
      : [],
  build: (written) => {
    if (written === undefined) return {};
    return {
      driver: written === 'none' ? written : { package: written.package, version: written.version ?? null },
    };
  },
};

const MODE = 'auto';

const mode: Section<Schema<GpuMode>, Pick<Gpu, 'mode'>> = {
  schema: oneOf(
    ['auto', 'legacy', 'cdi'],
    "How the NVIDIA runtime puts devices into containers: the toolkit's own choice, its old hook, or CDI.",
    { default: MODE },
  ),
  build: (written = MODE) => ({ mode: written }),
};

const defaultRuntime: Section<Schema<boolean>, Pick<Gpu, 'isDefaultRuntime'>> = {
  schema: flag('Make nvidia the default runtime of GPU hosts; otherwise pods name the RuntimeClass nvidia.', {
    default: false,
  }),
  build: (written = false) => ({ isDefaultRuntime: written }),
};

const vectorAdd: Section<Schema<string>, Pick<Gpu, 'vectorAddImage'>> = {
  schema: text(
    "An image of NVIDIA's CUDA sample vectorAdd, which `slipway verify` then runs on each node with GPUs; by default it is not tried.",
    {
      wanted: 'an image such as nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0',
      examples: ['nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0'],
    },
  ),
  build: (written) => (written === undefined ? {} : { vectorAddImage: written }),
};

const whole = sectionOf(
  { driver, toolkit, mode, defaultRuntime, devicePlugin, sharing, hami, vectorAdd },
  'What hosts with NVIDIA GPUs get; which hosts those are, gpu of a host says.',
);

export const gpu: Section<typeof whole.schema, Pick<Cluster, 'gpu'>> = {
  ...whole,
  build: (written, source) => ({ gpu: whole.build(written, source) }),
};
