import { describe, expect, test } from 'vitest';

import { inventory, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const built = async (line: string) => (await parse(inventory(line))).cluster.network;

/** Two pools, the second of which is told. */
const pool = (text: string): string => `pools: [{name: a, cidr: 10.244.0.0/18}, {${text}}]`;

/** An inventory in which each network is wrong, or right. */
const calico = (network: string, settings = ''): string =>
  (settings === '' ? inventory : (line: string) => kubernetes(settings, line))(`network: {${network}}`);

describe("Calico's options", () => {
  const DUAL =
    'networking: {podSubnet: "10.244.0.0/16,fd00:10:244::/56", serviceSubnet: "10.96.0.0/12,fd00:10:96::/112"}';

  test.each<[string, string, string?]>([
    ['blocks larger than podSubnet', 'blockSize: 20', 'networking: {podSubnet: 10.244.0.0/22}'],
    ['blocks of a family that is not there', 'ipv6BlockSize: 122'],
    ['blocks that Calico refuses', 'blockSize: 19'],
    ['a pool outside of podSubnet', pool('name: b, cidr: 10.245.0.0/18')],
    ['a pool that is no block', pool('name: b, cidr: 10.244.64.1/18')],
    ['a pool within another', pool('name: b, cidr: 10.244.1.0/24')],
    ['two pools of a name', pool('name: a, cidr: 10.244.64.0/18')],
    ['a pool name', pool('name: B, cidr: 10.244.64.0/18')],
    ['blocks larger than their pool', pool('name: b, cidr: 10.244.64.0/24, blockSize: 22')],
    ['blocks of the other family', pool('name: b, cidr: 10.244.64.0/24, blockSize: 122')],
    ['no pool of a family', 'encapsulation: vxlan, pools: [{name: a, cidr: 10.244.0.0/18}]', DUAL],
    ['IPIP in a pool of IPv6', pool('name: b, cidr: "fd00:10:244::/64", encapsulation: ipip'), DUAL],
    [
      'a pool that needs BGP',
      `encapsulation: vxlan, ${pool('name: b, cidr: 10.244.64.0/18, encapsulation: none')}`,
    ],
    ["a selector in Kubernetes' words", pool('name: b, cidr: 10.244.64.0/18, nodeSelector: rack=b')],
    ['bpf beside kube-proxy', 'dataplane: bpf'],
    ['nftables beside another kube-proxy', 'dataplane: nftables'],
    ['nftables without kube-proxy', 'dataplane: nftables', 'skipPhases: [addon/kube-proxy]'],
    ['Typha with the operator', 'install: operator, typha: {replicas: 3}'],
    ['Secrets of no name', 'imagePullSecrets: [Login]'],
    ['peers without BGP', 'encapsulation: vxlan, bgpPeers: [{name: a, peerIP: 10.0.0.1, asNumber: 64512}]'],
    ['no mesh and no peers', 'nodeToNodeMesh: false'],
    ['a peer that is no address', 'bgpPeers: [{name: a, peerIP: tor.lan, asNumber: 64512}]'],
    [
      'two peers of a name',
      'bgpPeers: [{name: a, peerIP: 10.0.0.1, asNumber: 1}, {name: a, peerIP: 10.0.0.2, asNumber: 1}]',
    ],
    ['an AS number that Calico refuses', 'asNumber: 4200000000'],
  ])('%s is refused', async (_, network, settings) => {
    expect(await problemsOf(calico(network, settings))).toMatchSnapshot('message');
  });

  test.each<[string, string?]>([
    ['blockSize: 24, wireguard: true, typha: {replicas: 3}, imagePullSecrets: [login]'],
    [pool('name: b, cidr: 10.244.64.0/18, nodeSelector: "rack == \'b\' && has(gpu)", encapsulation: vxlan')],
    ['dataplane: bpf, install: operator', 'skipPhases: [addon/kube-proxy]'],
    ['dataplane: nftables', 'kubeProxy: {mode: nftables}'],
    ['encapsulation: vxlan, bgp: true, bgpPeers: [{name: a, peerIP: "[fd00::1]:178", asNumber: 64512}]'],
    ['nodeToNodeMesh: false, bgpPeers: [{name: a, peerIP: "10.0.0.1:1790", asNumber: 2147483647}]'],
    [
      'encapsulation: vxlan, pools: [{name: a, cidr: 10.244.0.0/18}, {name: b, cidr: "fd00:10:244::/64"}]',
      DUAL,
    ],
  ])('%s is accepted', async (network, settings) => {
    expect(await problemsOf(calico(network, settings))).toBe('');
  });
});

describe('Calico as it is built', () => {
  test('Typha comes in a manifest of its own', async () => {
    const { cluster } = await parse(inventory('network: {typha: {replicas: 3}}'));
    expect(cluster.network).toMatchObject({
      typhaReplicas: 3,
      install: { manifest: { location: expect.stringMatching(/calico-typha\.yaml$/) } },
    });
  });

  test('of BGP there is nothing where nothing is written, and all of it where something is', async () => {
    expect(await built('network: {}')).not.toHaveProperty('bgpRouting');
    expect(await built('network: {asNumber: 64600}')).toMatchObject({
      bgpRouting: { asNumber: 64_600, nodeToNodeMesh: true, peers: [] },
    });
  });
});
