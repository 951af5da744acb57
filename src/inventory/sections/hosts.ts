import { addressBlock } from '#core/cidr.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { ipFamily } from '#core/ip-family.ts';
import { type Accepted, list, map, mapOf, oneOf, required, type Schema, text } from '#core/schema.ts';
import { nodeIpsOf } from '#core/node-ips.ts';
import { type ValidationContext, schemasOf, type Section } from '#inventory/section.ts';
import { findIf, type Finding, isFirstAtPath, type Path } from '#inventory/text/problem.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';
import { LOGIN_DEFAULTS } from '#inventory/values/login-defaults.ts';

import type { ExpandedHost } from './hosts/expand-hosts.ts';
import { gpuDevicesFindings } from './hosts/gpu-devices.ts';
import {
  buildSettings,
  type HostSettings,
  SETTINGS,
  settingsFiles,
  settingsFindings,
  sharedSettings,
} from './hosts/settings.ts';
import { swapFindings } from './hosts/swap.ts';
import { kubernetesOf } from './kubernetes.ts';
import { type PlacedAddress, withinFindings } from './kubernetes/networking.ts';

/** Names, addresses and roles of hosts. */
const identityFindings = (context: ValidationContext, path: Path): readonly Finding[] => [
  ...[...context.hosts, ...context.leaving]
    .flatMap((host) => hostFindings(host, path))
    .filter(isFirstAtPath()),
  ...duplicates(context, path),
  ...roleFindings(context, path),
  ...withinFindings(
    context.hosts.flatMap(({ entry, address, nodeIp, secondNodeIp }): readonly PlacedAddress[] => [
      [[...path, entry, 'address'], address],
      [[...path, entry, 'nodeIp'], nodeIp],
      [[...path, entry, 'nodeIp'], secondNodeIp],
    ]),
    context,
  ),
];

function hostFindings(host: ExpandedHost, path: Path): readonly Finding[] {
  const { entry, name, address, nodeIp, secondNodeIp } = host;
  const at = (field: string): Path => [...path, entry, field];
  return [
    ...nameFindings(name, at('name')),
    ...findIf(address === name ? undefined : addressFault(address), at('address'), address),
    ...findIf(
      nodeIp === undefined ? undefined : nodeIpFault(nodeIp, secondNodeIp),
      at('nodeIp'),
      nodeIpsOf(host).join(','),
    ),
  ];
}

function nameFindings(name: string, path: Path): readonly Finding[] {
  const fault = dnsSubdomainFault(name) ?? (name.length > 63 ? TOO_LONG : undefined);
  if (fault === undefined) return [];
  const lower = name.toLowerCase().replaceAll('_', '-');
  const isCure = lower !== name && dnsSubdomainFault(lower) === undefined;
  return [{ path, message: fault, got: JSON.stringify(name), ...(isCure && { suggestion: lower }) }];
}

/** The kubelet puts the name into the label kubernetes.io/hostname. */
const TOO_LONG = 'is longer than 63 characters, the most that the label kubernetes.io/hostname takes';

function addressFault(address: string): string | undefined {
  if (ipFamily(address) !== 0) return undefined;
  const isName = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(address);
  return isName && !/^[\d.]+$/.test(address)
    ? undefined
    : 'must be an IP address or a name, without user and port';
}

function nodeIpFault(nodeIp: string, second: string | undefined): string | undefined {
  if ([nodeIp, second ?? nodeIp].some((one) => addressBlock(one) === undefined))
    return `must be ${second === undefined ? 'an IP address' : 'two IP addresses'}`;
  return second !== undefined && ipFamily(nodeIp) === ipFamily(second)
    ? 'has two addresses of one family: one must be of IPv4 and one of IPv6'
    : undefined;
}

/** Two hosts cannot be one machine: by name, by what SSH connects to, and by the address of the node. */
function duplicates({ hosts: staying, leaving, placeOf }: ValidationContext, path: Path): readonly Finding[] {
  const hosts = [...staying, ...leaving];
  const identities: readonly [string, string, (host: ExpandedHost) => string | undefined][] = [
    ['name', 'the name', ({ name }) => name],
    [
      'address',
      'the address',
      ({ address, name, settings }) =>
        address === name ? undefined : `${address}:${settings.port ?? LOGIN_DEFAULTS.port}`,
    ],
    ['nodeIp', 'the address', ({ nodeIp }) => nodeIp],
    ['nodeIp', 'the address', ({ secondNodeIp }) => secondNodeIp],
  ];
  return identities.flatMap(([field, noun, identity]) => {
    const first = new Map<string, ExpandedHost>();
    const isNew = isFirstAtPath();
    return hosts.flatMap((host) => {
      const key = identity(host);
      if (key === undefined) return [];
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, host);
        return [];
      }
      const place = placeOf([...path, other.entry, field]);
      const value = field === 'address' ? host.address : key;
      const owner = field === 'name' ? `hosts[${other.entry}]` : other.name;
      const message = `${noun} ${value} is that of ${owner} already, on ${place}`;
      return [{ path: [...path, host.entry, field], message }].filter(isNew);
    });
  });
}

function roleFindings(context: ValidationContext, path: Path): readonly Finding[] {
  const { document, hosts, leaving } = context;
  const isThere = hosts.some(({ settings }) => settings.role === 'control-plane');
  if (isThere || document.hosts === undefined || isSomeRoleUnclear(context)) return [];
  const lastOne = leaving.find(({ settings }) => settings.role === 'control-plane');
  const message =
    lastOne === undefined
      ? 'there is no control plane: one host at least needs role: control-plane'
      : `no control plane is left without ${lastOne.name}: a whole cluster is taken back by slipway reset`;
  return [{ path: lastOne === undefined ? path : [...path, lastOne.entry, 'state'], message }];
}

/** Whether what is wrong already may be all that hides a control plane. */
function isSomeRoleUnclear({ document, hosts, leaving, isFaulty }: ValidationContext): boolean {
  const known = new Set([...hosts, ...leaving].map(({ entry }) => entry));
  const places: readonly Path[] = [
    ['defaults', 'role'],
    ...Object.keys(document.groups ?? {}).map((group) => ['groups', group, 'role']),
    ...[...known].flatMap((entry) => ['role', 'group'].map((field) => ['hosts', entry, field])),
  ];
  return document.hosts?.some((_, entry) => !known.has(entry)) === true || places.some(isFaulty);
}

export const defaults: Section<Schema<HostSettings>, object> = {
  schema: sharedSettings(
    'What all hosts have in common; a group or a host says otherwise by naming the same key.',
  ),
  validate: settingsFindings,
  files: settingsFiles,
};

export const groups: Section<Schema<Readonly<Record<string, HostSettings>>>, object> = {
  schema: mapOf(
    sharedSettings('What the hosts of the group have in common.'),
    'What some hosts have in common, by a name that hosts refer to with group.',
    { wanted: 'a map of groups', examples: [{ gpu: { labels: { 'example.com/kind': 'gpu' } } }] },
  ),
  validate: (written, context, path) =>
    Object.entries(written ?? {}).flatMap(([name, group]) =>
      settingsFindings(group, context, [...path, name]),
    ),
  files: (written, path) =>
    Object.entries(written ?? {}).flatMap(([name, group]) => settingsFiles(group, [...path, name])),
};

const host = map(
  {
    name: required(
      text("The node's name; several at once as a range.", {
        wanted: 'a host name, or a range such as gpu[01:16]',
        examples: ['cp1', 'gpu[01:16]'],
      }),
    ),
    address: text('What to connect to, an IP address or a name; as many as names. By default the name.', {
      wanted: 'an IP address or a name, or a range such as 10.0.0.[21:36]',
      examples: ['10.0.0.11', '10.0.0.[21:36]'],
    }),
    group: text('The group whose settings the host has.', {
      wanted: 'the name of a group',
      examples: ['gpu'],
    }),
    nodeIp: text(
      'The address the kubelet registers, where a host has several; as many as names. For dual stack two, of IPv4 and IPv6, with a comma between; control planes advertise the first.',
      {
        wanted: 'an IP address, or a range such as 10.0.0.[21:36]; two for dual stack: a,b',
        examples: ['10.0.0.11', '10.0.0.11,fd00::11'],
      },
    ),
    state: oneOf(
      ['present', 'absent', 'purged'],
      "Whether the machine is to be a node. An absent one is drained, taken out of etcd and of the cluster, and reset; where it does not answer, it is removed from the cluster alone. A purged one loses Kubernetes' packages as well. It is left out of the inventory afterwards.",
      { default: 'present' },
    ),
    ...schemasOf(SETTINGS),
  },
  'A machine that is, or is to become, a node; or a range of them.',
);

export type HostDocument = Accepted<typeof host>;

const hostsSchema = required(
  list(host, 'The machines. The first control plane is the one that kubeadm init runs on.', {
    wanted: 'a list of hosts',
    minItems: 1,
  }),
);

export const hosts: Section<typeof hostsSchema, Pick<Cluster, 'hosts' | 'leaving'>> = {
  schema: hostsSchema,
  validate: (written, context, path) => [
    ...identityFindings(context, path),
    ...swapFindings(context, path),
    ...gpuDevicesFindings(context, path),
    ...(written ?? []).flatMap((entry, index) =>
      settingsFindings(entry ?? undefined, context, [...path, index]),
    ),
  ],
  files: (written, path) =>
    (written ?? []).flatMap((entry, index) => settingsFiles(entry ?? undefined, [...path, index])),
  build: (_, context) => {
    const kubernetes = kubernetesOf(context);
    const hostOf = (expanded: ExpandedHost): Host => {
      const { name, address, nodeIp, secondNodeIp, group } = expanded;
      return {
        name,
        address,
        ...buildSettings({ ...context, host: expanded, kubernetes }),
        ...(nodeIp !== undefined && { nodeIp }),
        ...(secondNodeIp !== undefined && { secondNodeIp }),
        ...(group !== undefined && { group }),
      };
    };
    const leaving = context.leaving.map((one) => ({ ...hostOf(one), isPurged: one.isPurged }));
    return { hosts: context.hosts.map(hostOf), leaving };
  },
};
