import { localAddress } from '#configuration/kubeadm-config.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { addressBlock, overlaps, parseCidr } from '#core/cidr.ts';
import { type Cluster, firstControlPlane, type Host } from '#core/cluster.ts';
import { CLUSTER, ifReached } from '#core/fact.ts';
import type { Resource } from '#core/resource.ts';
import { nodeIpsOf } from '#core/node-ips.ts';
import { addresses, ownAddress } from '#facts/addresses.ts';
import { apiState, isMarked } from '#facts/api.ts';
import { fileMentions } from '#facts/file-mentions.ts';
import { nameLookup } from '#facts/name-lookup.ts';

import { check } from './check.ts';

/**
 * The address that a node is to have, or a control plane to listen on and to advertise, is one of the machine's. One that
 * is only forwarded to it leads to it, and nothing on it can listen there.
 */
export const nodeAddress = (cluster: Cluster, host: Host): Resource => {
  const first = localAddress(host);
  return check({
    name: 'NodeIP',
    facts: {
      addresses: addresses(),
      ...(first !== undefined && { own: ownAddress(first) }),
      ...(host.secondNodeIp !== undefined && { second: ownAddress(host.secondNodeIp) }),
      ...(isDerived(host) && IS_MADE),
    },
    judge: ({ addresses: found, own, second, api, isFinalized }) => {
      if (first === undefined) return "the kubelet's own choice";
      if (found.length === 0) return 'its addresses are not known without a connection';
      const wanted = host.secondNodeIp === undefined ? [first] : nodeIpsOf(host);
      const entries = [own, second].map((one) => one?.[0]);
      const address = wanted.find((_, index) => entries[index] === undefined);
      if (address === undefined)
        return wanted.map((one, index) => `${one} on ${entries[index]?.interface}`).join(', ');
      const isMade =
        (api !== undefined && isMarked(api, host.name)) ||
        (isFinalized === true && host.name === firstControlPlane(cluster).name);
      if (isMade) return 'the control plane was made already';
      const alike = found.filter((one) => one.address.includes(':') === address.includes(':'));
      const offered = (alike.length > 0 ? alike : found).map((one) => one.address);
      return {
        why: `no interface has ${address}${isDerived(host) ? ', by which the inventory calls it and at which its API server would listen' : ''}; it has ${found.map((one) => `${one.address} on ${one.interface}`).join(', ')}`,
        hint: `write one of its addresses beside ${host.name} in the inventory, nodeIp: ${offered.join(' or ')}${isDerived(host) ? '; address stays the way to it' : ''}`,
      };
    },
  });
};

const IS_MADE = {
  api: ifReached(CLUSTER, apiState),
  isFinalized: fileMentions(KUBEADM_FILES.kubelet, 'kubelet-client-current.pem'),
};

/** Whether the address that a control plane advertises is the one by which it is reached. */
const isDerived = (host: Host): boolean => host.nodeIp === undefined && localAddress(host) !== undefined;

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
