import { describe, expect, it, test } from 'vitest';

import { inventory, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const OTHERS = '  - {name: "cp[2:3]", address: "10.0.0.[12:13]", role: control-plane}';

/** Three control planes with these settings of Kubernetes. */
const three = (settings: string): string => kubernetes(settings, OTHERS);

const built = async (settings: string) => {
  const { kubernetes: wanted } = (await parse(three(settings))).cluster;
  const { controlPlaneEndpoint, hasStableEndpoint, loadBalancer } = wanted;
  return { controlPlaneEndpoint, hasStableEndpoint, loadBalancer };
};

describe('a load balancer', () => {
  it('is somebody elses unless it is said otherwise', async () => {
    expect((await parse(inventory())).cluster.kubernetes.loadBalancer).toEqual({ type: 'external' });
    expect(await built('controlPlaneEndpoint: "api.lab:6443", loadBalancer: {type: external}')).toEqual({
      controlPlaneEndpoint: 'api.lab:6443',
      hasStableEndpoint: true,
      loadBalancer: { type: 'external' },
    });
  });

  it('on every host has a name of its own, and a port beside that of API servers', async () => {
    expect(await built('loadBalancer: {type: local}')).toEqual({
      controlPlaneEndpoint: 'kubernetes-api.internal:8443',
      hasStableEndpoint: true,
      loadBalancer: { type: 'local', name: 'kubernetes-api.internal', port: 8443 },
    });
    expect(await built('loadBalancer: {type: local}, controlPlaneEndpoint: "api.lab:9443"')).toMatchObject({
      controlPlaneEndpoint: 'api.lab:9443',
      loadBalancer: { name: 'api.lab', port: 9443 },
    });
  });

  it.each([
    ['10.0.0.10', 10],
    ['10.0.0.0', 255],
    ['fd00::1:fe', 254],
    ['fd00::', 255],
  ])('of keepalived at %s has the number %d, unless it is said', async (address, virtualRouterId) => {
    expect(await built(`loadBalancer: {type: keepalived, address: "${address}"}`)).toEqual({
      controlPlaneEndpoint: address.includes(':') ? `[${address}]:8443` : `${address}:8443`,
      hasStableEndpoint: true,
      loadBalancer: { type: 'keepalived', address, port: 8443, virtualRouterId },
    });
    const said = `loadBalancer: {type: keepalived, address: "${address}", virtualRouterId: 51, interface: eth1}`;
    expect(await built(said)).toMatchObject({ loadBalancer: { virtualRouterId: 51, interface: 'eth1' } });
  });

  it('takes its address from the endpoint, and its name too', async () => {
    expect(
      await built('controlPlaneEndpoint: "10.0.0.9:8443", loadBalancer: {type: keepalived}'),
    ).toMatchObject({ loadBalancer: { address: '10.0.0.9' } });
    expect(
      await built(
        'controlPlaneEndpoint: "api.lab:8443", loadBalancer: {type: keepalived, address: 10.0.0.9}',
      ),
    ).toMatchObject({ loadBalancer: { address: '10.0.0.9', name: 'api.lab' } });
  });

  it('of kube-vip leads to the API server itself, by ARP or by BGP', async () => {
    expect(await built('loadBalancer: {type: kube-vip, address: 10.0.0.10}')).toEqual({
      controlPlaneEndpoint: '10.0.0.10:6443',
      hasStableEndpoint: true,
      loadBalancer: {
        type: 'kube-vip',
        address: '10.0.0.10',
        port: 6443,
        image: 'ghcr.io/kube-vip/kube-vip:v1.2.3',
      },
    });
    const bgp =
      'bgp: {as: 65000, peers: [{address: 10.0.0.1, as: 65001, multihop: true}, {address: "fd00::1", as: 65001}]}';
    expect(await built(`loadBalancer: {type: kube-vip, address: 10.0.0.10, ${bgp}}`)).toMatchObject({
      loadBalancer: {
        bgp: {
          as: 65_000,
          peers: [
            { address: '10.0.0.1', as: 65_001, multihop: true },
            { address: 'fd00::1', as: 65_001, multihop: false },
          ],
        },
      },
    });
  });
});

describe('a load balancer is refused', () => {
  test.each([
    ['of no kind there is', 'loadBalancer: {type: haproxy}'],
    ['without a kind', 'loadBalancer: {address: 10.0.0.10}'],
    [
      'with what means nothing for its kind',
      'loadBalancer: {type: local, address: 10.0.0.10, bgp: {as: 1, peers: []}}',
    ],
    ['on every host under an address', 'loadBalancer: {type: local}, controlPlaneEndpoint: "10.0.0.9:8443"'],
    ['under the name of a host', 'loadBalancer: {type: local}, controlPlaneEndpoint: "cp2:8443"'],
    ['without an address', 'loadBalancer: {type: keepalived}'],
    [
      'without an address behind a name',
      'loadBalancer: {type: kube-vip}, controlPlaneEndpoint: "api.lab:6443"',
    ],
    ['at the address of a host', 'loadBalancer: {type: keepalived, address: 10.0.0.13}'],
    [
      'at the address of a host, in the endpoint',
      'loadBalancer: {type: keepalived}, controlPlaneEndpoint: "10.0.0.13:8443"',
    ],
    ['at what is no address', 'loadBalancer: {type: keepalived, address: api.lab}'],
    [
      'at another address than the endpoint',
      'loadBalancer: {type: keepalived, address: 10.0.0.9}, controlPlaneEndpoint: "10.0.0.8:8443"',
    ],
    ['at an address of services', 'loadBalancer: {type: keepalived, address: 10.96.0.9}'],
    [
      'with numbers that cannot be',
      'loadBalancer: {type: keepalived, address: 10.0.0.9, virtualRouterId: 256, interface: "a b"}',
    ],
    [
      'of kube-vip at another port',
      'loadBalancer: {type: kube-vip, address: 10.0.0.9}, controlPlaneEndpoint: "10.0.0.9:8443"',
    ],
    [
      'of kube-vip with ipvs that answers for every address',
      'loadBalancer: {type: kube-vip, address: 10.0.0.9}, kubeProxy: {mode: ipvs}',
    ],
    [
      'of kube-vip with peers that are none',
      'loadBalancer: {type: kube-vip, address: 10.0.0.9, image: kube-vip, bgp: {as: 0, peers: [{address: router, as: 1}]}}',
    ],
    [
      'where API servers tell nobody whether they are ready',
      'loadBalancer: {type: local}, apiServer: {extraArgs: {anonymous-auth: "false"}}',
    ],
  ])('%s', async (_, settings) => {
    expect(await problemsOf(three(settings))).toMatchSnapshot();
  });

  it('before control planes that are reached through a port of this machine', async () => {
    const forwarded = three('loadBalancer: {type: local}').replace('10.0.0.11', '127.0.0.1');
    expect(await problemsOf(forwarded)).toContain('cp1 needs a nodeIp');
    expect(await problemsOf(forwarded.replace('127.0.0.1,', '127.0.0.1, nodeIp: 10.0.0.11,'))).toBe('');
  });

  it('before control planes of which only the names are known', async () => {
    const named = three('loadBalancer: {type: local}').replace('"10.0.0.[12:13]"', '"cp[2:3].lab"');
    expect(await problemsOf(named)).toMatchInlineSnapshot(
      `"inventory.yaml:4:5: hosts[1]: cp2 needs a nodeIp: the load balancer knows control planes by their addresses (got "cp2.lab")"`,
    );
    expect(await problemsOf(named.replace('.lab", role:', '.lab", nodeIp: "10.0.0.[2:3]", role:'))).toBe('');
  });

  it('but not beside ipvs that is strict, or that no ARP concerns', async () => {
    const strict = 'kubeProxy: {mode: ipvs, config: {ipvs: {strictARP: true}}}';
    expect(await problemsOf(three(`loadBalancer: {type: kube-vip, address: 10.0.0.9}, ${strict}`))).toBe('');
    const bgp = 'bgp: {as: 65000, peers: [{address: 10.0.0.1, as: 65001}]}';
    expect(
      await problemsOf(
        three(`loadBalancer: {type: kube-vip, address: 10.0.0.9, ${bgp}}, kubeProxy: {mode: ipvs}`),
      ),
    ).toBe('');
  });
});
