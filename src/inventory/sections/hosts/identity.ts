import { isIP } from 'node:net';

import { addressBlock } from '#core/cidr.ts';
import type { CheckContext } from '#inventory/section.ts';
import { type PlacedAddress, withinFindings } from '#inventory/sections/kubernetes/networking.ts';
import { findIf } from '#inventory/text/finding.ts';
import type { Finding, Path } from '#inventory/text/problem.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';

import type { ExpandedHost } from './expand-hosts.ts';

/** Names, addresses and roles of hosts. */
export const identityFindings = (context: CheckContext, path: Path): readonly Finding[] => [
  ...context.hosts.flatMap((host) => hostFindings(host, path)).filter(isFirstOfEntry()),
  ...duplicates(context, path),
  ...roleFindings(context, path),
  ...withinFindings(
    context.hosts.flatMap(({ entry, address, nodeIp }): readonly PlacedAddress[] => [
      [[...path, entry, 'address'], address],
      [[...path, entry, 'nodeIp'], nodeIp],
    ]),
    context,
  ),
];

function hostFindings({ entry, name, address, nodeIp }: ExpandedHost, path: Path): readonly Finding[] {
  const at = (field: string): Path => [...path, entry, field];
  return [
    ...nameFindings(name, at('name')),
    ...findIf(address === name ? undefined : addressFault(address), at('address'), address),
    ...findIf(nodeIp === undefined ? undefined : nodeIpFault(nodeIp), at('nodeIp'), nodeIp),
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
  if (isIP(address) !== 0) return undefined;
  const isName = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/.test(address);
  return isName && !/^[\d.]+$/.test(address)
    ? undefined
    : 'must be an IP address or a name, without user and port';
}

const nodeIpFault = (nodeIp: string): string | undefined =>
  addressBlock(nodeIp) === undefined ? 'must be an IP address' : undefined;

/** Hosts of a range mostly share a fault; it is told once. */
function isFirstOfEntry(): (finding: Finding) => boolean {
  const seen = new Set<string>();
  return ({ path }) => {
    const key = path.join('/');
    return !seen.has(key) && seen.add(key) !== undefined;
  };
}

/** Two hosts cannot be one machine: by name, by what SSH connects to, and by the address of the node. */
function duplicates({ hosts, lineOf }: CheckContext, path: Path): readonly Finding[] {
  const identities: readonly [string, string, (host: ExpandedHost) => string | undefined][] = [
    ['name', 'the name', ({ name }) => name],
    [
      'address',
      'the address',
      ({ address, name, settings }) => (address === name ? undefined : `${address}:${settings.port ?? 22}`),
    ],
    ['nodeIp', 'the address', ({ nodeIp }) => nodeIp],
  ];
  return identities.flatMap(([field, noun, identity]) => {
    const first = new Map<string, ExpandedHost>();
    const isNew = isFirstOfEntry();
    return hosts.flatMap((host) => {
      const key = identity(host);
      if (key === undefined) return [];
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, host);
        return [];
      }
      const line = lineOf([...path, other.entry, field]);
      const value = field === 'name' ? host.name : field === 'nodeIp' ? host.nodeIp : host.address;
      const owner = field === 'name' ? `hosts[${other.entry}]` : other.name;
      const message = `${noun} ${value} is that of ${owner} already, on line ${line}`;
      return [{ path: [...path, host.entry, field], message }].filter(isNew);
    });
  });
}

function roleFindings(context: CheckContext, path: Path): readonly Finding[] {
  const { document, hosts } = context;
  const isThere = hosts.some(({ settings }) => settings.role === 'control-plane');
  if (isThere || document.hosts === undefined || isSomeRoleUnclear(context)) return [];
  const message = 'there is no control plane: one host at least needs role: control-plane';
  return [{ path, message }];
}

/** Whether what is wrong already may be all that hides a control plane. */
function isSomeRoleUnclear({ document, hosts, isFaulty }: CheckContext): boolean {
  const known = new Set(hosts.map(({ entry }) => entry));
  const places: readonly Path[] = [
    ['defaults', 'role'],
    ...Object.keys(document.groups ?? {}).map((group) => ['groups', group, 'role']),
    ...[...known].flatMap((entry) => ['role', 'group'].map((field) => ['hosts', entry, field])),
  ];
  return document.hosts?.some((_, entry) => !known.has(entry)) === true || places.some(isFaulty);
}
