import { Type } from 'typebox';

import {
  closed,
  defined,
  flag,
  freeMap,
  integer,
  oneOf,
  secret,
  text,
  textList,
  textMap,
} from './schema-fields.ts';
import { runtime } from './schema-runtime.ts';

const taintSchema = Type.Unsafe<string | TaintDocument>({
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      required: ['key', 'effect'],
      properties: {
        key: { type: 'string', errorMessage: 'must be a string', description: "The taint's key." },
        value: {
          type: 'string',
          errorMessage: 'must be a string',
          description: "The taint's value; empty by default.",
        },
        effect: {
          enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
          errorMessage: 'must be NoSchedule, PreferNoSchedule or NoExecute',
          description: 'What happens to pods that do not tolerate the taint.',
        },
      },
      additionalProperties: false,
    },
  ],
  errorMessage: 'must be key=value:Effect, key:Effect, or a map of key, value and effect',
});

export interface TaintDocument {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** What a host has in common with others: in `defaults`, in a group, and in the host itself. */
const sharedProperties = {
  role: Type.Optional(
    oneOf(['control-plane', 'worker'], {
      description: 'What the node is in the cluster. The first control plane runs kubeadm init.',
      default: 'worker',
    }),
  ),
  user: Type.Optional(
    text({
      description: 'Who to log in as.',
      wanted: 'the name of a user',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?$',
      default: 'root',
    }),
  ),
  port: Type.Optional(
    integer({ description: "The SSH server's port.", minimum: 1, maximum: 65_535, default: 22 }),
  ),
  identityFile: Type.Optional(
    text({
      description:
        'A private key; by default the SSH agent is asked, then the usual files in ~/.ssh are tried. Relative to the inventory.',
      wanted: 'the path of a private key',
      examples: ['~/.ssh/id_ed25519'],
    }),
  ),
  password: Type.Optional(secret('The password to log in with.')),
  passphrase: Type.Optional(secret('The passphrase of identityFile.')),
  become: Type.Optional(flag({ description: 'Go through sudo; by default true unless the user is root.' })),
  becomePassword: Type.Optional(secret('The password sudo asks for; by default sudo must not ask.')),
  labels: Type.Optional(
    textMap({
      description:
        'Labels of the node, added to those of its group and of the defaults. Numbers and true need quotes.',
      examples: [{ 'example.com/rack': 'r1' }],
    }),
  ),
  taints: Type.Optional(
    Type.Array(taintSchema, {
      description:
        'Taints of the node, in place of those of its group or the defaults. A control plane has node-role.kubernetes.io/control-plane:NoSchedule unless a list stands here; an empty list lets pods onto it.',
      examples: [['nvidia.com/gpu=present:NoSchedule']],
      errorMessage: 'must be a list of taints',
    }),
  ),
  gpu: Type.Optional(
    oneOf([true, false, 'auto'], {
      description:
        'Whether the host is to run GPU containers; auto: where there is an NVIDIA GPU on its PCI bus. Its driver must be there, or named under gpu. By default auto where the inventory has a gpu section, else false.',
    }),
  ),
  runtime: Type.Optional(runtime()),
  kubelet: Type.Optional(
    freeMap({
      description:
        'Fields of KubeletConfiguration for these hosts, merged over kubernetes.kubelet, those of the defaults and those of the group.',
      examples: [{ maxPods: 50, evictionHard: { 'memory.available': '500Mi' } }],
    }),
  ),
  packages: Type.Optional(
    textList({
      description:
        "Packages of the hosts' distribution to install beside what slipway needs; added to those of the group and of the defaults.",
      wanted: 'a list of package names',
      item: 'the name of a package',
      examples: [['nfs-common']],
    }),
  ),
  kubeletExtraArgs: Type.Optional(
    textMap({
      description: "Flags of this host's kubelet, without dashes.",
      examples: [{ v: '4' }],
    }),
  ),
};

export const sharedSchema = Type.Object(sharedProperties, closed('What hosts have in common.'));

export const shared = (description: string) => defined('shared', sharedSchema, description);

export const hostSchema = Type.Object(
  {
    name: text({
      description: "The node's name; several at once as a range.",
      wanted: 'a host name, or a range such as gpu[01:16]',
      examples: ['cp1', 'gpu[01:16]'],
    }),
    address: Type.Optional(
      text({
        description: 'What to connect to, an IP address or a name; as many as names. By default the name.',
        wanted: 'an IP address or a name, or a range such as 10.0.0.[21:36]',
        examples: ['10.0.0.11', '10.0.0.[21:36]'],
      }),
    ),
    group: Type.Optional(
      text({
        description: 'The group whose settings the host has.',
        wanted: 'the name of a group',
        examples: ['gpu'],
      }),
    ),
    nodeIp: Type.Optional(
      text({
        description: 'The address the kubelet registers, where a host has several; as many as names.',
        wanted: 'an IP address, or a range such as 10.0.0.[21:36]',
        examples: ['10.0.0.11'],
      }),
    ),
    ...sharedProperties,
  },
  closed('A machine that is, or is to become, a node; or a range of them.'),
);
