import { isIP } from 'node:net';

import type { Check, CheckContext } from './check-context.ts';
import { findIf } from './check-context.ts';
import { parseAddress } from './values/cidr.ts';
import type { ExpandedHost } from './expand-hosts.ts';
import { dnsSubdomainFault } from './values/kubernetes-name.ts';
import type { Finding, Path } from './text/problem.ts';

/** Names, addresses and roles of hosts. */
export const checkIdentity: Check = (context) => [
  ...context.hosts.flatMap(hostFindings).filter(isFirstOfEntry()),
  ...duplicates(context.hosts, context.lineOf),
  ...roleFindings(context),
];

function hostFindings({ entry, name, address, nodeIp }: ExpandedHost): readonly Finding[] {
  const at = (field: string): Path => ['hosts', entry, field];
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
  parseAddress(nodeIp) === undefined ? 'must be an IP address' : undefined;

/** Hosts of a range mostly share a fault; it is told once. */
function isFirstOfEntry(): (finding: Finding) => boolean {
  const seen = new Set<string>();
  return ({ path }) => {
    const key = path.join('/');
    return !seen.has(key) && seen.add(key) !== undefined;
  };
}

/** Two hosts cannot be one machine: by name, by what SSH connects to, and by the address of the node. */
function duplicates(hosts: readonly ExpandedHost[], lineOf: (path: Path) => number): readonly Finding[] {
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
      const line = lineOf(['hosts', other.entry, field]);
      const value = field === 'name' ? host.name : field === 'nodeIp' ? host.nodeIp : host.address;
      const owner = field === 'name' ? `hosts[${other.entry}]` : other.name;
      const message = `${noun} ${value} is that of ${owner} already, on line ${line}`;
      return [{ path: ['hosts', host.entry, field], message }].filter(isNew);
    });
  });
}

const roleFindings: Check = (context) => {
  const { document, hosts, isFaulty } = context;
  const controlPlanes = hosts.filter(({ settings }) => settings.role === 'control-plane');
  if (controlPlanes.length === 0) {
    if (document.hosts === undefined || isSomeRoleUnclear(context)) return [];
    return [
      { path: ['hosts'], message: 'there is no control plane: one host at least needs role: control-plane' },
    ];
  }
  const path: Path = ['kubernetes', 'controlPlaneEndpoint'];
  if (document.kubernetes?.controlPlaneEndpoint !== undefined || isFaulty(path)) return [];
  if (controlPlanes.length > 1) {
    return [
      {
        path,
        message: `${controlPlanes.length} control planes need an endpoint that is none of them: a load balancer, a virtual IP or a DNS name`,
        wanted: 'host:port',
      },
    ];
  }
  const { name, address, nodeIp } = controlPlanes[0]!;
  const isLoopback = /^(127\.|::1$|localhost$)/.test(nodeIp ?? address);
  if (!isLoopback || hosts.length === 1) return [];
  return [
    {
      path,
      message: `other hosts cannot reach ${name} at ${nodeIp ?? address}: give it a nodeIp, or name an endpoint`,
    },
  ];
};

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
