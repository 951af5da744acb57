import { addressBlock, overlaps, parseCidr } from '#core/cidr.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { addresses } from '#facts/addresses.ts';
import { nameLookup } from '#facts/name-lookup.ts';

import { check } from './check.ts';

/** The address that the inventory gives a node is one of the machine's. */
export const nodeAddress = (host: Host): Resource =>
  check({
    name: 'NodeIP',
    facts: { addresses: addresses() },
    judge: ({ addresses: found }) => {
      if (host.nodeIp === undefined) return "the kubelet's own choice";
      if (found.length === 0) return 'its addresses are not known without a connection';
      const entry = found.find(({ address }) => address === host.nodeIp);
      if (entry !== undefined) return `${host.nodeIp} on ${entry.interface}`;
      return {
        why: `no interface has ${host.nodeIp}; it has ${found.map(({ address }) => address).join(', ')}`,
        hint: `set nodeIp of ${host.name} to one of its addresses`,
      };
    },
  });

/** A host whose own address lies among those of pods or services cannot be reached from them. */
export const subnets = ({ kubernetes: { podSubnet, serviceSubnet } }: Cluster): Resource => {
  const taken = `${podSubnet},${serviceSubnet}`.split(',').flatMap((cidr) => parseCidr(cidr) ?? []);
  return check({
    name: 'SubnetOverlap',
    facts: { addresses: addresses() },
    judge: ({ addresses: found }) => {
      const inside = found.find(({ address }) => {
        const block = addressBlock(address);
        return block !== undefined && taken.some((cidr) => overlaps(cidr, block));
      });
      if (inside === undefined) return 'its addresses are neither those of pods nor of services';
      return {
        why: `${inside.address} on ${inside.interface} lies in the subnets of pods and services, ${podSubnet} and ${serviceSubnet}`,
        hint: 'choose other subnets in the inventory: kubernetes.podSubnet, kubernetes.serviceSubnet',
      };
    },
  });
};

/** kubeadm has a warning of this name. A name that does not resolve breaks the kubelet's serving certificate first. */
export const nodeName = (host: Host): Resource =>
  check({
    name: 'Hostname',
    facts: { lookup: nameLookup(host.name) },
    judge: ({ lookup: { resolves } }) =>
      resolves
        ? `${host.name} resolves`
        : {
            why: `the name ${host.name} does not resolve on it`,
            hint: `add ${host.name} to DNS or to its /etc/hosts, or ignore the check Hostname`,
          },
  });
