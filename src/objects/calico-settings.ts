import type { Cluster } from '#core/cluster.ts';
import { endpointHost } from '#core/kubernetes.ts';
import type { CalicoNetwork } from '#core/network.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { stringify } from 'yaml';

import { familiesOf, poolModes, wantedPools } from './calico-pools.ts';

/** Peers of it are deleted when the inventory has them no more. */
export const BGP_SET = 'calico-bgp';

const V1 = 'crd.projectcalico.org/v1';

const write = (objects: readonly object[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n');

/** Pools in place of those that calico-node makes itself; empty where it does. */
export const poolObjects = (network: CalicoNetwork, podSubnet: string): string =>
  network.pools === undefined
    ? ''
    : write(
        wantedPools(network, podSubnet).map(
          ({ name, cidr, blockSize, encapsulation, natOutgoing, nodeSelector }) => {
            const { ipip: ipipMode, vxlan: vxlanMode } = poolModes(encapsulation);
            return {
              apiVersion: V1,
              kind: 'IPPool',
              metadata: { name },
              spec: {
                allowedUses: ['Workload', 'Tunnel'],
                assignmentMode: 'Automatic',
                blockSize,
                cidr,
                ipipMode,
                natOutgoing,
                nodeSelector,
                vxlanMode,
              },
            };
          },
        ),
      );

/**
 * Where Calico finds the API servers while it makes the services itself; empty where others make them.
 *
 * @see https://docs.tigera.io/calico/latest/operations/ebpf/enabling-ebpf (3.32: ConfigMap kubernetes-services-endpoint)
 */
export function servicesEndpoint(
  { kubernetes }: Pick<Cluster, 'kubernetes'>,
  network: CalicoNetwork,
): string {
  if (network.dataplane !== 'bpf') return '';
  const { loadBalancer, controlPlaneEndpoint } = kubernetes;
  const host = 'address' in loadBalancer ? loadBalancer.address : endpointHost(kubernetes);
  return write([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'kubernetes-services-endpoint',
        namespace: network.install.by === 'operator' ? 'tigera-operator' : 'kube-system',
      },
      data: {
        KUBERNETES_SERVICE_HOST: host,
        KUBERNETES_SERVICE_PORT: controlPlaneEndpoint.slice(controlPlaneEndpoint.lastIndexOf(':') + 1),
      },
    },
  ]);
}

/** What Calico reads from objects of its own, whichever way it was installed; empty where there is nothing. */
export function calicoSettings(network: CalicoNetwork, podSubnet: string): string {
  const { ipv4, ipv6 } = familiesOf(podSubnet);
  const { wireguard, bgpRouting } = network;
  return write([
    ...(wireguard === undefined
      ? []
      : [
          {
            apiVersion: V1,
            kind: 'FelixConfiguration',
            metadata: { name: 'default' },
            spec: {
              ...(ipv4 !== undefined && { wireguardEnabled: wireguard }),
              ...(ipv6 !== undefined && { wireguardEnabledV6: wireguard }),
            },
          },
        ]),
    ...(bgpRouting === undefined
      ? []
      : [
          {
            apiVersion: V1,
            kind: 'BGPConfiguration',
            metadata: { name: 'default' },
            spec: { asNumber: bgpRouting.asNumber, nodeToNodeMeshEnabled: bgpRouting.nodeToNodeMesh },
          },
          ...bgpRouting.peers.map(({ name, ...spec }) => ({
            apiVersion: V1,
            kind: 'BGPPeer',
            metadata: { name, labels: { [SET_LABEL]: BGP_SET } },
            spec,
          })),
        ]),
  ]);
}

/** The peers that are to stay, also as Calico's own API server shows them; undefined where nothing is said of them. */
export function keptPeers({ network }: Pick<Cluster, 'network'>): string | undefined {
  if (network.plugin === 'none') return undefined;
  const peers = network.bgpRouting?.peers ?? [];
  return write([
    { apiVersion: V1, kind: 'BGPConfiguration', metadata: { name: 'default' } },
    ...[V1, 'projectcalico.org/v3'].flatMap((apiVersion) =>
      peers.map(({ name }) => ({ apiVersion, kind: 'BGPPeer', metadata: { name } })),
    ),
  ]);
}
