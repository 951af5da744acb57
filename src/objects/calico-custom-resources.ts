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
      ipPools: [
        ...(ipv4 === undefined ? [] : [ipv4Pool(ipv4, network)]),
        ...(ipv6 === undefined ? [] : [ipv6Pool(ipv6, network)]),
      ],
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
 * @see https://github.com/tigera/operator/blob/v1.42.3/pkg/controller/ippool/defaults.go
 */
const FILLED_IN: JsonObject = {
  allowedUses: ['Workload', 'Tunnel'],
  assignmentMode: 'Automatic',
  disableBGPExport: false,
  disableNewAllocations: false,
  nodeSelector: 'all()',
};

const ipv4Pool = (cidr: string, { encapsulation }: CalicoNetwork): JsonObject => ({
  name: 'default-ipv4-ippool',
  cidr,
  blockSize: 26,
  encapsulation: ENCAPSULATIONS[encapsulation],
  natOutgoing: 'Enabled',
  ...FILLED_IN,
});

/** IPIP carries IPv4 only: with it IPv6 is not encapsulated, and follows the routes of BGP. */
const ipv6Pool = (cidr: string, { encapsulation }: CalicoNetwork): JsonObject => ({
  name: 'default-ipv6-ippool',
  cidr,
  blockSize: 122,
  encapsulation: encapsulation.startsWith('vxlan') ? ENCAPSULATIONS[encapsulation] : 'None',
  natOutgoing: 'Disabled',
  ...FILLED_IN,
});

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
