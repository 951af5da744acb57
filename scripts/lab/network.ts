import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { run, runWith } from './run.ts';

const namespacesDirectory = '/run/netns';
const bridge = 'br0';

/**
 * The network of one lab: a namespace with a bridge, which is the hosts' gateway and leads nowhere, and a
 * namespace for each host, joined to the bridge by a veth pair.
 */
export interface LabNetwork {
  readonly namespace: string;
  readonly gateway: string;
}

export interface HostLink {
  readonly namespace: string;
  readonly address: string;
  /** The end of the veth pair that hangs on the bridge: pulling the cable is taking this one down. */
  readonly port: string;
  readonly mac: string;
}

export function networkOf(id: number): LabNetwork {
  return { namespace: labPrefix(id), gateway: `10.88.${id}.1` };
}

export function linkOf(id: number, index: number, name: string): HostLink {
  return {
    namespace: `${labPrefix(id)}-${name}`,
    address: `10.88.${id}.${11 + index}`,
    port: `v${index}`,
    mac: `02:00:00:00:${hex(id)}:${hex(11 + index)}`,
  };
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0');

/** What the names of everything a lab makes on the machine start with. */
export const labPrefix = (id: number) => `slipway-${id}`;

/** The argv that runs `argv` in the lab's network. nsenter, not `ip netns exec`, which hides /sys and mounts. */
export const inNamespace = (namespace: string, argv: readonly string[]) => [
  'nsenter',
  `--net=${namespacesDirectory}/${namespace}`,
  ...argv,
];

export async function makeLabNetwork({ namespace, gateway }: LabNetwork): Promise<void> {
  await run`ip netns add ${namespace}`;
  await ipBatch(namespace, [
    'link set lo up',
    `link add ${bridge} type bridge`,
    `addr add ${gateway}/24 dev ${bridge}`,
    `link set ${bridge} up`,
    // Whatever leaves the subnet is refused at once; without a route it would be dropped and time out.
    'route add unreachable default',
  ]);
  await run`${inNamespace(namespace, ['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1'])}`;
}

/** Gives a host a network namespace with an interface, address and default route, as new at every boot. */
export async function connectHost(
  network: LabNetwork,
  link: HostLink,
  routes: readonly string[],
): Promise<void> {
  await disconnectHost(network, link);
  await run`ip netns add ${link.namespace}`;
  await ipBatch(network.namespace, [
    `link add ${link.port} type veth peer name eth0 netns ${link.namespace}`,
    `link set ${link.port} master ${bridge} up`,
  ]);
  await ipBatch(link.namespace, [
    'link set lo up',
    `link set eth0 address ${link.mac}`,
    `addr add ${link.address}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${network.gateway}`,
    ...routes.map((route) => `route add ${route}`),
  ]);
}

/** Removes a host's network, as losing power does. */
export async function disconnectHost(network: LabNetwork, link: HostLink): Promise<void> {
  // The pair by name first: a namespace's own end of it goes later, and would be in the way of a new one.
  await run`ip -n ${network.namespace} link del ${link.port}`.nothrow();
  if (existsSync(`${namespacesDirectory}/${link.namespace}`)) await run`ip netns del ${link.namespace}`;
}

/** Whether a host is on: its network is made at boot and removed when its power goes. Anyone may ask. */
export function isConnected(link: HostLink): boolean {
  return existsSync(`${namespacesDirectory}/${link.namespace}`);
}

export async function setCable(network: LabNetwork, link: HostLink, state: 'up' | 'down'): Promise<void> {
  await run`ip -n ${network.namespace} link set ${link.port} ${state}`;
}

export async function addRoute(link: HostLink, route: string): Promise<void> {
  await ipBatch(link.namespace, [`route replace ${route}`]);
}

/** Removes all namespaces of the lab `id`, and with them its interfaces. */
export async function removeNetworks(id: number): Promise<void> {
  const names = await readdir(namespacesDirectory).catch(() => []);
  for (const name of names.filter((each) => each === labPrefix(id) || each.startsWith(`${labPrefix(id)}-`))) {
    await run`ip netns del ${name}`;
  }
}

async function ipBatch(namespace: string, commands: readonly string[]): Promise<void> {
  await runWith(commands.join('\n'))`ip -n ${namespace} -batch -`;
}
