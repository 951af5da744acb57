import type { Cluster } from '#core/cluster.ts';
import { ipFamily } from '#core/ip-family.ts';
import type { Phase } from '#core/phase.ts';
import { nodeIpsOf } from '#core/node-ips.ts';
import { hostname } from '#resources/host/hostname.ts';
import { hostsOfCluster } from '#resources/host/hosts-entry.ts';

export const names: Phase = {
  name: 'names',
  summary: 'hostnames, and the names of all hosts in /etc/hosts, where the inventory asks for them',
  needs: () => ['preflight'],
  common: ({ cluster }) => (cluster.names.hostsFile ? hostsOfCluster(entriesOf(cluster)) : []),
  resources: ({ cluster, host }, common) => [
    ...(cluster.names.hostname ? [hostname(host.name)] : []),
    ...common,
  ],
};

const entriesOf = ({ hosts }: Cluster) =>
  hosts.flatMap((host) => {
    const { name, address, nodeIp = address } = host;
    return [...new Set([nodeIp, ...nodeIpsOf(host)])].flatMap((one) =>
      ipFamily(one) === 0 ? [] : [{ name, address: one }],
    );
  });
