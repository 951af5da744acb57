import type { Cluster } from '#core/cluster.ts';
import { type Accepted, list, map, mapOf, required, type Schema, text } from '#core/schema.ts';
import { schemasOf, type Section } from '#inventory/section.ts';

import { identityFindings } from './hosts/identity.ts';
import {
  buildSettings,
  type HostSettings,
  settings,
  settingsFindings,
  sharedSettings,
} from './hosts/settings.ts';
import { kubernetesOf } from './kubernetes.ts';

export const defaults: Section<Schema<HostSettings>, object> = {
  schema: sharedSettings(
    'What all hosts have in common; a group or a host says otherwise by naming the same key.',
  ),
  check: settingsFindings,
};

export const groups: Section<Schema<Readonly<Record<string, HostSettings>>>, object> = {
  schema: mapOf(sharedSettings('What the hosts of the group have in common.'), {
    description: 'What some hosts have in common, by a name that hosts refer to with group.',
    wanted: 'a map of groups',
    examples: [{ gpu: { labels: { 'example.com/kind': 'gpu' } } }],
  }),
  check: (written, context, path) =>
    Object.entries(written ?? {}).flatMap(([name, group]) =>
      settingsFindings(group, context, [...path, name]),
    ),
};

const host = map(
  {
    name: required(
      text({
        description: "The node's name; several at once as a range.",
        wanted: 'a host name, or a range such as gpu[01:16]',
        examples: ['cp1', 'gpu[01:16]'],
      }),
    ),
    address: text({
      description: 'What to connect to, an IP address or a name; as many as names. By default the name.',
      wanted: 'an IP address or a name, or a range such as 10.0.0.[21:36]',
      examples: ['10.0.0.11', '10.0.0.[21:36]'],
    }),
    group: text({
      description: 'The group whose settings the host has.',
      wanted: 'the name of a group',
      examples: ['gpu'],
    }),
    nodeIp: text({
      description: 'The address the kubelet registers, where a host has several; as many as names.',
      wanted: 'an IP address, or a range such as 10.0.0.[21:36]',
      examples: ['10.0.0.11'],
    }),
    ...schemasOf(settings),
  },
  'A machine that is, or is to become, a node; or a range of them.',
);

export type HostDocument = Accepted<typeof host>;

const hostsSchema = required(
  list(host, {
    description: 'The machines. The first control plane is the one that kubeadm init runs on.',
    wanted: 'a list of hosts',
    minItems: 1,
  }),
);

export const hosts: Section<typeof hostsSchema, Pick<Cluster, 'hosts'>> = {
  schema: hostsSchema,
  check: (written, context, path) => [
    ...identityFindings(context, path),
    ...(written ?? []).flatMap((entry, index) =>
      settingsFindings(entry ?? undefined, context, [...path, index]),
    ),
  ],
  build: (_, source) => {
    const kubernetes = kubernetesOf(source);
    return {
      hosts: source.hosts.map((expanded) => {
        const { name, address, nodeIp } = expanded;
        return {
          name,
          address,
          ...buildSettings({ ...source, host: expanded, kubernetes }),
          ...(nodeIp !== undefined && { nodeIp }),
        };
      }),
    };
  },
};
