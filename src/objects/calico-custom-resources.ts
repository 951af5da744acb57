import type { CalicoNetwork, Encapsulation } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';

import { familiesOf } from './calico-manifest.ts';
import { objectTemplates, writeObjects } from './object-templates.ts';

/** What the operator calls an encapsulation. */
const ENCAPSULATIONS: Readonly<Record<Encapsulation, string>> = {
  ipip: 'IPIP',
  'ipip-cross-subnet': 'IPIPCrossSubnet',
  vxlan: 'VXLAN',
  'vxlan-cross-subnet': 'VXLANCrossSubnet',
  none: 'None',
};

/** The objects by which the Tigera operator is told what to install. */
export function calicoCustomResources(network: CalicoNetwork, podSubnet: string): string {
  const { ipv4, ipv6 } = familiesOf(podSubnet);
  const installation = {
    ...(network.registry !== undefined && { registry: `${network.registry}/` }),
    calicoNetwork: {
      bgp: network.bgp ? 'Enabled' : 'Disabled',
      ...(network.mtu !== undefined && { mtu: network.mtu }),
      ipPools: [ipv4, ipv6].flatMap((cidr) => (cidr === undefined ? [] : [pool(cidr, network)])),
      ...(ipv4 !== undefined && { nodeAddressAutodetectionV4: autodetection(network.ipAutodetection) }),
      ...(ipv6 !== undefined && { nodeAddressAutodetectionV6: autodetection(network.ipv6Autodetection) }),
    },
  };
  return writeObjects(objectTemplates('calico/custom-resources.yaml', { installation }));
}

/**
 * All fields of a pool, also those that the operator would fill in. The API server takes the list of pools as one
 * value: if it were applied without them, they would be taken away again.
 *
 * IPIP carries IPv4 only: with it IPv6 is not encapsulated, and follows the routes of BGP.
 *
 * @see https://github.com/tigera/operator/blob/v1.42.3/pkg/controller/ippool/defaults.go
 */
function pool(cidr: string, { encapsulation }: CalicoNetwork): JsonObject {
  const isIpv4 = !cidr.includes(':');
  return {
    name: isIpv4 ? 'default-ipv4-ippool' : 'default-ipv6-ippool',
    cidr,
    blockSize: isIpv4 ? 26 : 122,
    encapsulation: isIpv4 || encapsulation.startsWith('vxlan') ? ENCAPSULATIONS[encapsulation] : 'None',
    natOutgoing: isIpv4 ? 'Enabled' : 'Disabled',
    allowedUses: ['Workload', 'Tunnel'],
    assignmentMode: 'Automatic',
    disableBGPExport: false,
    disableNewAllocations: false,
    nodeSelector: 'all()',
  };
}

/** A method of finding addresses, in the fields that the operator has for it. */
function autodetection(method: string): JsonObject {
  const [, name = method, argument = ''] = /^([^=]*)=(.*)$/s.exec(method) ?? [];
  const fields: Readonly<Record<string, JsonObject>> = {
    'first-found': { firstFound: true },
    'kubernetes-internal-ip': { kubernetes: 'NodeInternalIP' },
    interface: { interface: argument },
    'skip-interface': { skipInterface: argument },
    'can-reach': { canReach: argument },
    cidr: { cidrs: argument.split(',').map((cidr) => cidr.trim()) },
  };
  const found = fields[name];
  if (found === undefined) throw new TypeError(`not a method of autodetection: ${method}`);
  return found;
}
