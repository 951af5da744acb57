import { type Static, Type } from 'typebox';

import { addonsSchema, verifySchema } from './schema-addons.ts';
import { closed, integer, oneOf, secretSchema, text, textList } from './schema-fields.ts';
import { gpuSchema } from './schema-gpu.ts';
import { hostSchema, shared, sharedSchema } from './schema-host.ts';
import { kubernetesSchema } from './schema-kubernetes.ts';
import { networkSchema } from './schema-network.ts';
import { downloadSchema, registrySchema, runtime, runtimeSchema } from './schema-runtime.ts';

const sshSchema = Type.Object(
  {
    knownHosts: Type.Optional(
      text({
        description: "Host keys in OpenSSH's known_hosts format. Relative to the inventory.",
        wanted: 'the path of a file',
        default: '~/.ssh/known_hosts',
      }),
    ),
    hostKeys: Type.Optional(
      oneOf(['strict', 'accept-new'], {
        description:
          'strict refuses a host whose key is not known, accept-new writes it down. A key that has changed is always refused.',
        default: 'strict',
      }),
    ),
    connectTimeout: Type.Optional(
      integer({
        description: 'Seconds until a host that does not answer is given up.',
        minimum: 1,
        maximum: 600,
        default: 10,
      }),
    ),
  },
  closed('How hosts are reached.'),
);

/** The inventory as it is written. */
export const inventorySchema = Type.Object(
  {
    cluster: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(
            text({
              description: "The cluster's name, in its kubeconfig and in slipway's reports.",
              wanted: 'lower-case letters, digits, - and .',
              pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
              default: 'kubernetes',
              examples: ['lab'],
            }),
          ),
        },
        closed('The cluster as a whole.'),
      ),
    ),
    kubernetes: kubernetesSchema,
    runtime: Type.Optional(runtime()),
    registries: Type.Optional(
      Type.Unsafe<Record<string, Static<typeof registrySchema>>>({
        type: 'object',
        description:
          'Registries with mirrors, an authority of their own or a login, by the name images give them.',
        errorMessage: 'must be a map of registries',
        additionalProperties: registrySchema,
        examples: [{ 'docker.io': { mirrors: [{ url: 'https://mirror.example.com' }] } }],
      }),
    ),
    network: Type.Optional(networkSchema),
    addons: Type.Optional(addonsSchema),
    verify: Type.Optional(verifySchema),
    gpu: Type.Optional(gpuSchema),
    ssh: Type.Optional(sshSchema),
    ignoreChecks: Type.Optional(
      textList({
        description: "slipway's own checks that may fail, by the names that the plan shows.",
        wanted: 'a list of names',
        item: 'the name of a check',
        examples: [['memory']],
      }),
    ),
    defaults: Type.Optional(
      shared('What all hosts have in common; a group or a host says otherwise by naming the same key.'),
    ),
    groups: Type.Optional(
      Type.Unsafe<Record<string, Static<typeof sharedSchema>>>({
        type: 'object',
        description: 'What some hosts have in common, by a name that hosts refer to with group.',
        errorMessage: 'must be a map of groups',
        additionalProperties: shared('What the hosts of the group have in common.'),
        examples: [{ gpu: { labels: { 'example.com/kind': 'gpu' } } }],
      }),
    ),
    hosts: Type.Array(hostSchema, {
      description: 'The machines. The first control plane is the one that kubeadm init runs on.',
      errorMessage: 'must be a list of hosts',
      minItems: 1,
    }),
  },
  {
    ...closed('A cluster as slipway is to make it.'),
    $defs: { download: downloadSchema, runtime: runtimeSchema, secret: secretSchema, shared: sharedSchema },
  },
);

export type InventoryDocument = Static<typeof inventorySchema>;
export type HostDocument = Static<typeof hostSchema>;
export type SharedDocument = Static<typeof sharedSchema>;
export type RuntimeDocument = Static<typeof runtimeSchema>;
export type RegistryDocument = Static<typeof registrySchema>;
export type SecretDocument = NonNullable<SharedDocument['password']>;
