import { type Static, Type } from 'typebox';

import { closed, integer, oneOf, secretSchema, text, textList } from './schema-fields.ts';
import { hostSchema, runtime, runtimeSchema, shared, sharedSchema } from './schema-host.ts';
import { kubernetesSchema } from './schema-kubernetes.ts';

const networkSchema = Type.Object(
  {
    plugin: Type.Optional(
      oneOf(['calico', 'none'], {
        description: 'The network plugin; none: you bring your own, and nodes stay NotReady until then.',
        default: 'calico',
      }),
    ),
    version: Type.Optional(
      text({
        description: 'The version of the plugin; one that slipway does not know needs a manifest.',
        wanted: 'a version such as 3.32.1',
        pattern: '^v?[0-9]+\\.[0-9]+\\.[0-9]+$',
        default: '3.32.1',
        examples: ['3.32.1', '3.31.7'],
      }),
    ),
    manifest: Type.Optional(
      Type.Object(
        {
          url: Type.Optional(
            text({
              description: 'Where the manifest is; either this or path.',
              wanted: 'an http(s) URL',
              pattern: '^https?://[^\\s/]+[^\\s]*$',
            }),
          ),
          path: Type.Optional(
            text({
              description: 'A manifest beside the inventory; either this or url.',
              wanted: 'the path of a file',
              examples: ['manifests/calico.yaml'],
            }),
          ),
          sha256: text({
            description: 'The digest the file must have.',
            wanted: '64 hexadecimal digits',
            pattern: '^[0-9A-Fa-f]{64}$',
          }),
        },
        closed("The plugin's manifest, in place of the one slipway knows."),
      ),
    ),
    ipAutodetection: Type.Optional(
      text({
        description:
          "How Calico picks a node's address, in the words of IP_AUTODETECTION_METHOD. By default kubernetes-internal-ip where a host has a nodeIp, else first-found.",
        wanted:
          'first-found, kubernetes-internal-ip, interface=REGEX, skip-interface=REGEX, can-reach=HOST or cidr=CIDR',
        examples: [
          'first-found',
          'kubernetes-internal-ip',
          'interface=eth.*',
          'can-reach=10.0.0.1',
          'cidr=10.0.0.0/24',
        ],
      }),
    ),
    mtu: Type.Optional(
      integer({
        description: 'The MTU of pod interfaces; by default Calico finds it out.',
        minimum: 576,
        maximum: 65_535,
        examples: [1450, 8950],
      }),
    ),
    encapsulation: Type.Optional(
      oneOf(['ipip', 'vxlan', 'none'], {
        description:
          'How pod packets travel between hosts; none needs hosts that share a link or routes of yours.',
        default: 'ipip',
      }),
    ),
  },
  closed('The network between pods.'),
);

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
    network: Type.Optional(networkSchema),
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
    $defs: { runtime: runtimeSchema, secret: secretSchema, shared: sharedSchema },
  },
);

export type InventoryDocument = Static<typeof inventorySchema>;
export type HostDocument = Static<typeof hostSchema>;
export type SharedDocument = Static<typeof sharedSchema>;
export type RuntimeDocument = Static<typeof runtimeSchema>;
export type SecretDocument = NonNullable<SharedDocument['password']>;
