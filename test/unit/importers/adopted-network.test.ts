import { describe, expect, it } from 'vitest';

import { adopted } from '#importers/adopted.ts';

import { asked, CP1, said, written } from './adopted-fixture.ts';

const calicoNode = (image: string, env: Readonly<Record<string, string>> = {}) => ({
  spec: {
    template: {
      spec: {
        containers: [
          { name: 'calico-node', image, env: Object.entries(env).map(([name, value]) => ({ name, value })) },
        ],
      },
    },
  },
});
const pool = (name: string, cidr: string, more: object = {}) => ({
  metadata: { name },
  spec: {
    cidr,
    ipipMode: 'Always',
    vxlanMode: 'Never',
    natOutgoing: true,
    nodeSelector: 'all()',
    blockSize: 26,
    ...more,
  },
});
const byManifest = {
  calicoNode: calicoNode('quay.io/calico/node:v3.32.1'),
  calicoConfig: { data: { calico_backend: 'bird', veth_mtu: '0', typha_service_name: 'none' } },
  pools: { items: [pool('default-ipv4-ippool', '10.200.0.0/16')] },
};
const networkOf = (more: object) => adopted(said([CP1], more), asked);

describe('the network of a running cluster', () => {
  it('is Calico as its manifest has made it', async () => {
    const { network, isNetworkLeft, notes } = networkOf(byManifest);
    expect(network).toEqual({
      plugin: 'calico',
      version: '3.32.1',
      encapsulation: 'ipip',
      ipAutodetection: 'first-found',
    });
    expect(isNetworkLeft).toBeUndefined();
    expect(notes[0]).toContain('slipway looks after Calico from now on');
    const { network: built } = await written(said([CP1], byManifest));
    expect(built).toMatchObject({ plugin: 'calico', version: '3.32.1', bgp: true });
  });

  it('has the settings that differ from what slipway would take', async () => {
    const more = {
      calicoNode: calicoNode('registry.lan/quay/calico/node:v3.32.1', {
        IP_AUTODETECTION_METHOD: 'interface=eth1',
        FELIX_NFTABLESMODE: 'Enabled',
      }),
      calicoConfig: { data: { calico_backend: 'vxlan', veth_mtu: '1430' } },
      pools: {
        items: [
          pool('default-ipv4-ippool', '10.200.0.0/16', {
            ipipMode: 'Never',
            vxlanMode: 'CrossSubnet',
            blockSize: 24,
          }),
        ],
      },
      kubeProxy: { data: { 'config.conf': 'mode: nftables' } },
    };
    expect(networkOf(more).network).toEqual({
      plugin: 'calico',
      version: '3.32.1',
      encapsulation: 'vxlan-cross-subnet',
      blockSize: 24,
      bgp: false,
      registry: 'registry.lan/quay',
      ipAutodetection: 'interface=eth1',
      mtu: 1430,
      dataplane: 'nftables',
    });
  });

  it('has pools of its own where they are not those that Calico makes', async () => {
    const items = [
      pool('a', '10.200.0.0/17', { nodeSelector: "rack == 'a'", blockSize: 24 }),
      pool('b', '10.200.128.0/17', { natOutgoing: false }),
    ];
    const { network } = await written(said([CP1], { ...byManifest, pools: { items } }));
    expect(network).toMatchObject({
      pools: [
        { name: 'a', cidr: '10.200.0.0/17', blockSize: 24, nodeSelector: "rack == 'a'", natOutgoing: true },
        { name: 'b', cidr: '10.200.128.0/17', natOutgoing: false },
      ],
    });
  });

  it('is Calico as the operator was told', async () => {
    const installation = {
      spec: {
        variant: 'Calico',
        calicoNetwork: {
          bgp: 'Disabled',
          mtu: 1400,
          linuxDataplane: 'Iptables',
          nodeAddressAutodetectionV4: { kubernetes: 'NodeInternalIP' },
        },
      },
    };
    const pools = {
      items: [pool('default-ipv4-ippool', '10.200.0.0/16', { ipipMode: 'Never', vxlanMode: 'Always' })],
    };
    const operated = { ...byManifest, calicoConfig: null, installation, pools };
    expect(networkOf(operated).network).toEqual({
      plugin: 'calico',
      version: '3.32.1',
      install: 'operator',
      encapsulation: 'vxlan',
      ipAutodetection: 'kubernetes-internal-ip',
      mtu: 1400,
    });
    expect((await written(said([CP1], operated))).network).toMatchObject({ bgp: false });
    const skipping = {
      spec: { calicoNetwork: { nodeAddressAutodetectionV4: { skipInterface: 'docker.*' } } },
    };
    expect(networkOf({ ...operated, installation: skipping }).network).toMatchObject({
      ipAutodetection: 'skip-interface=docker.*',
      bgp: true,
    });
  });

  it.each([
    [
      'a release that it does not know',
      { calicoNode: calicoNode('quay.io/calico/node:v3.20.0') },
      'image quay.io/calico/node:v3.20.0 is of no release',
    ],
    ['Typha', { calicoConfig: { data: { typha_service_name: 'calico-typha' } } }, 'it has Typha'],
    ['another backend', { calicoConfig: { data: { calico_backend: 'none' } } }, 'its backend is none'],
    ['pools that are not known', { pools: null }, 'its pools are not known'],
    [
      'a pool that is disabled',
      { pools: { items: [pool('a', '10.200.0.0/16', { disabled: true })] } },
      'its pool a is disabled',
    ],
    [
      'Calico Enterprise',
      { installation: { spec: { variant: 'TigeraSecureEnterprise' } } },
      'it is TigeraSecureEnterprise',
    ],
    [
      'two ways to an address',
      { installation: { spec: { calicoNetwork: { nodeAddressAutodetectionV4: {} } } } },
      'finds the addresses of nodes',
    ],
    [
      'VPP',
      { installation: { spec: { calicoNetwork: { linuxDataplane: 'VPP' } } } },
      'its data plane is VPP',
    ],
  ])('is left alone with %s, and that is said', (_, more, why) => {
    const { network, isNetworkLeft, notes } = networkOf({ ...byManifest, ...more });
    expect([network, isNetworkLeft]).toEqual([undefined, true]);
    expect(notes[0]).toMatch(/^Calico stays as it is, since .*: network.plugin is none$/);
    expect(notes[0]).toContain(why);
  });
});
