import type { CalicoDataplane, CalicoNetwork, Encapsulation } from '#core/network.ts';
import type { JsonObject } from '#core/json.ts';

import { familiesOf, type WantedPool, wantedPools } from './calico-pools.ts';
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
    ...(network.imagePullSecrets.length > 0 && {
      imagePullSecrets: network.imagePullSecrets.map((name) => ({ name })),
    }),
    calicoNetwork: {
      bgp: network.bgp ? 'Enabled' : 'Disabled',
      ...(network.mtu !== undefined && { mtu: network.mtu }),
      ...(network.dataplane !== undefined && { linuxDataplane: DATAPLANES[network.dataplane] }),
      ipPools: wantedPools(network, podSubnet).map(pool),
      ...(ipv4 !== undefined && { nodeAddressAutodetectionV4: autodetection(network.ipAutodetection) }),
      ...(ipv6 !== undefined && { nodeAddressAutodetectionV6: autodetection(network.ipv6Autodetection) }),
    },
  };
  return writeObjects(objectTemplates('calico/custom-resources.yaml', { installation }));
}

/** @see https://github.com/tigera/operator/blob/v1.42.3/api/v1/installation_types.go (LinuxDataplaneOption) */
const DATAPLANES: Readonly<Record<CalicoDataplane, string>> = {
  iptables: 'Iptables',
  nftables: 'Nftables',
  bpf: 'BPF',
};

/**
 * All fields of a pool, also those that the operator would fill in. The API server takes the list of pools as one
 * value: if it were applied without them, they would be taken away again.
 *
 * @see https://github.com/tigera/operator/blob/v1.42.3/pkg/controller/ippool/defaults.go
 */
const pool = (wanted: WantedPool): JsonObject => ({
  ...wanted,
  encapsulation: ENCAPSULATIONS[wanted.encapsulation],
  natOutgoing: wanted.natOutgoing ? 'Enabled' : 'Disabled',
  allowedUses: ['Workload', 'Tunnel'],
  assignmentMode: 'Automatic',
  disableBGPExport: false,
  disableNewAllocations: false,
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
