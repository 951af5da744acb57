import { Type } from 'typebox';

import { closed, flag, integer, oneOf, text } from './schema-fields.ts';

const HTTP_URL = '^https?://[^\\s/]+[^\\s]*$';
const VERSION = '^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.]+)?$';
const IMAGE = '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$';

const toolkitSchema = Type.Object(
  {
    version: Type.Optional(
      text({
        description: 'The version of the NVIDIA Container Toolkit; its four packages are held there.',
        wanted: 'a version such as 1.20.0',
        pattern: VERSION,
        default: '1.20.0',
      }),
    ),
    repository: Type.Optional(
      Type.Object(
        {
          url: Type.Optional(
            text({
              description: 'A mirror of the package repository; deb/amd64/ and deb/arm64/ lie below it.',
              wanted: 'an http(s) URL',
              pattern: HTTP_URL,
              default: 'https://nvidia.github.io/libnvidia-container/stable',
            }),
          ),
          keyUrl: Type.Optional(
            text({
              description: 'Where the ASCII-armoured public key is.',
              wanted: 'an http(s) URL',
              pattern: HTTP_URL,
              default: 'https://nvidia.github.io/libnvidia-container/gpgkey',
            }),
          ),
          fingerprint: Type.Optional(
            text({
              description: 'The fingerprint the key must have.',
              wanted: '40 hexadecimal digits',
              pattern: '^([0-9A-Fa-f]{4} *){10}$',
              default: 'C95B321B61E88C1809C4F759DDCAE044F796ECB0',
            }),
          ),
        },
        closed('Where the toolkit comes from.'),
      ),
    ),
  },
  closed('The NVIDIA Container Toolkit.'),
);

const devicePluginSchema = Type.Object(
  {
    type: Type.Optional(
      oneOf(['nvidia', 'hami', 'none'], {
        description:
          "NVIDIA's own device plugin; HAMi, which hands out parts of a GPU's memory and cores; or none: you bring your own.",
        default: 'nvidia',
      }),
    ),
    version: Type.Optional(
      text({
        description: 'The version of the device plugin; by default 0.20.0, and 2.10.0 for HAMi.',
        wanted: 'a version such as 0.20.0',
        pattern: VERSION,
        examples: ['0.20.0'],
      }),
    ),
    image: Type.Optional(
      text({
        description: 'Where its image comes from, without a tag.',
        wanted: 'an image such as nvcr.io/nvidia/k8s-device-plugin',
        pattern: IMAGE,
        default: 'nvcr.io/nvidia/k8s-device-plugin',
      }),
    ),
    migStrategy: Type.Optional(
      oneOf(['none', 'single', 'mixed'], {
        description:
          'How MIG devices are offered: not at all, as nvidia.com/gpu where all GPUs of a node are cut alike, or under the names of their profiles.',
        default: 'none',
      }),
    ),
    featureDiscovery: Type.Optional(
      flag({
        description:
          'Also run GPU feature discovery. It writes for Node Feature Discovery, which must be in the cluster to make labels of it.',
        default: false,
      }),
    ),
  },
  closed('What tells the kubelet of GPUs.'),
);

const replicas = integer({
  description: 'How many times each GPU is offered.',
  minimum: 2,
  maximum: 100,
  examples: [4],
});

const sharingSchema = Type.Object(
  {
    timeSlicing: Type.Optional(
      Type.Object(
        {
          replicas,
          renameByDefault: Type.Optional(
            flag({ description: 'Offer shared GPUs as nvidia.com/gpu.shared.', default: false }),
          ),
          failRequestsGreaterThanOne: Type.Optional(
            flag({ description: 'Refuse a pod that asks for more than one share.', default: false }),
          ),
        },
        closed('Containers take turns on a GPU, with all of its memory.'),
      ),
    ),
    mps: Type.Optional(
      Type.Object({ replicas }, closed('Containers run on a GPU at once, each with its part of the memory.')),
    ),
  },
  closed('How several containers share a GPU: either timeSlicing or mps.'),
);

const hamiSchema = Type.Object(
  {
    splitCount: Type.Optional(
      integer({
        description: 'How many containers share a GPU at most.',
        minimum: 1,
        maximum: 100,
        default: 10,
      }),
    ),
    memoryScaling: Type.Optional(
      Type.Number({
        description: 'How much more memory is handed out than there is; above 1 it spills to the host.',
        errorMessage: 'must be a number from 0.1 to 100',
        minimum: 0.1,
        maximum: 100,
        default: 1,
      }),
    ),
    coreScaling: Type.Optional(
      Type.Number({
        description: 'How many more cores are handed out than there are.',
        errorMessage: 'must be a number from 0.1 to 100',
        minimum: 0.1,
        maximum: 100,
        default: 1,
      }),
    ),
    repository: Type.Optional(
      text({
        description: "Where HAMi's chart comes from: the project's repository of charts, or a mirror of it.",
        wanted: 'an http(s) URL',
        pattern: HTTP_URL,
        default: 'https://project-hami.github.io/HAMi',
      }),
    ),
    runsOn: Type.Optional(
      oneOf(['controller', 'control-plane'], {
        description:
          'Where helm renders the chart of HAMi: where slipway runs, or on the first control plane.',
        default: 'controller',
      }),
    ),
  },
  closed('Settings of HAMi, with devicePlugin.type: hami.'),
);

/** What hosts with GPUs get. */
export const gpuSchema = Type.Object(
  {
    driver: Type.Optional(
      Type.Object(
        {
          package: text({
            description:
              "The distribution's package of the driver. slipway never reboots; a host where the driver is not loaded afterwards is named.",
            wanted: 'the name of a package such as nvidia-driver',
            pattern: '^[a-z0-9][a-z0-9+.-]+$',
            examples: ['nvidia-driver', 'nvidia-driver-580-server'],
          }),
        },
        closed('The driver, where slipway is to install it.'),
      ),
    ),
    toolkit: Type.Optional(toolkitSchema),
    mode: Type.Optional(
      oneOf(['auto', 'legacy', 'cdi'], {
        description:
          "How the NVIDIA runtime puts devices into containers: the toolkit's own choice, its old hook, or CDI.",
        default: 'auto',
      }),
    ),
    defaultRuntime: Type.Optional(
      flag({
        description:
          'Make nvidia the default runtime of GPU hosts; otherwise pods name the RuntimeClass nvidia.',
        default: false,
      }),
    ),
    devicePlugin: Type.Optional(devicePluginSchema),
    sharing: Type.Optional(sharingSchema),
    hami: Type.Optional(hamiSchema),
    vectorAdd: Type.Optional(
      text({
        description:
          "An image of NVIDIA's CUDA sample vectorAdd, which `slipway verify` then runs on each node with GPUs; by default it is not tried.",
        wanted: 'an image such as nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0',
        examples: ['nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0'],
      }),
    ),
  },
  closed('What hosts with NVIDIA GPUs get; which hosts those are, gpu of a host says.'),
);
