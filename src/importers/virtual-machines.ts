import { isIPv4 } from 'node:net';

import type { JsonObject } from '#core/json.ts';

import type { Imported, ImportedHost, Importer } from './imported.ts';
import { listOf, mapIn, mapOf, textOf, unreadable } from './loose.ts';
import { roleIn } from './roles.ts';
import { readSshConfig } from './ssh-config.ts';

/** @see https://developer.hashicorp.com/vagrant/docs/cli/ssh_config */
export const vagrant: Importer = (text) => {
  const { hosts, notes } = readSshConfig(text, {
    what: 'the SSH configuration of Vagrant',
    source: 'vagrant',
  });
  return { hosts: hosts.map(forwarded), notes, areKeysNew: true };
};

/** Behind VirtualBox's NAT every machine has the same first address, by which nodes would not find each other. */
function forwarded(host: ImportedHost): ImportedHost {
  const isForwarded = host.address === '127.0.0.1' || host.address === 'localhost';
  // Of a machine that is reached by its own address, the others are none of its node's.
  if (!isForwarded) return { ...host, nodeIp: undefined };
  if (host.nodeIp !== undefined) return host;
  return { ...host, notes: [...(host.notes ?? []), WITHOUT_ADDRESS] };
}

const WITHOUT_ADDRESS =
  "set nodeIp to its address in the private network, which is not 10.0.2.15, the one of all machines of VirtualBox. Or let it be read: for m in cp1 w1; do vagrant ssh-config $m; vagrant ssh $m -c 'hostname -I'; done | slipway import vagrant";

/** @see https://documentation.ubuntu.com/multipass/en/latest/reference/command-line-interface/list/ (1.16) */
export const multipass: Importer = (text) => {
  const document = mapIn(text, 'the list of Multipass', 'multipass');
  const listed = listOf(document['list']).map(mapOf);
  const informed = Object.entries(mapOf(document['info'])).map(([name, info]): JsonObject => ({
    ...mapOf(info),
    name,
  }));
  const instances = [...listed, ...informed].filter(({ state }) => state !== 'Deleted');
  if (instances.length === 0) throw unreadable('the list of Multipass', 'multipass');
  return {
    hosts: instances.map(instance),
    notes: [
      'the key of user ubuntu is the one that cloud-init was given (ssh_authorized_keys): Multipass keeps its own to itself',
    ],
    areKeysNew: true,
  };
};

function instance({ name, state, ipv4 }: JsonObject): ImportedHost {
  // Later ones are bridges of pods, once there is a cluster.
  const address = textOf(listOf(ipv4)[0]);
  const host = textOf(name) ?? '';
  const asleep = `it is ${textOf(state)?.toLowerCase()}, and has no address: start it, and import again`;
  return {
    name: host,
    role: roleIn(host),
    address,
    user: 'ubuntu',
    notes: address === undefined ? [asleep] : [],
  };
}

/**
 * Leases of a network, or addresses of each machine under a line `# NAME`.
 *
 * @see https://www.libvirt.org/manpages/virsh.html#net-dhcp-leases (9.0)
 */
export const libvirt: Importer = (text) => {
  const found = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const [, heading] = /^#\s*(\S+)\s*$/.exec(line) ?? [];
    if (heading !== undefined) name = heading;
    const [, address = '', rest = ''] = /\sipv4\s+([\d.]+)\/\d+\s*(.*)$/.exec(line) ?? [];
    if (!isIPv4(address)) continue;
    const leased = rest.split(/\s+/)[0];
    const host = leased === undefined || ['', '-'].includes(leased) ? name : leased;
    // The last lease of a name is the newest, the first address of a machine its own.
    if (host !== undefined && (name === undefined || !found.has(host))) found.set(host, address);
  }
  if (found.size === 0) throw unreadable('what virsh says of addresses', 'libvirt');
  return fromLeases(found);
};

const fromLeases = (found: ReadonlyMap<string, string>): Imported => ({
  hosts: [...found].map(([name, address]) => ({ name, role: roleIn(name), address })),
  notes: ['virsh does not know who logs in: set user under defaults'],
  areKeysNew: true,
});
