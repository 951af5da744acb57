import { describe, expect, it } from 'vitest';

import { initConfig } from '#configuration/kubeadm-config.ts';
import { openSlipway } from '#slipway.ts';

import { host, inventory, parse, problemsOf } from './inventory-fixture.ts';

const DUAL =
  'kubernetes: {version: "1.34.9", networking: {podSubnet: "10.244.0.0/16,fd10::/56", serviceSubnet: "10.96.0.0/12,fd20::/112"}}';
const dual = (entry: string): string =>
  `${DUAL}\nhosts:\n  - {name: cp1, address: 203.0.113.5, nodeIp: "10.0.0.11, fd00::11", role: control-plane}\n  - {${entry}}`;

describe('two addresses of a node', () => {
  it('are counted out together with the names', async () => {
    const { cluster } = await parse(
      dual('name: "w[1:2]", address: "w[1:2].lan", nodeIp: "10.0.0.[21:22],fd00::[21:22]"'),
    );
    expect(cluster.hosts.map(({ nodeIp, secondNodeIp }) => [nodeIp, secondNodeIp])).toEqual([
      ['10.0.0.11', 'fd00::11'],
      ['10.0.0.21', 'fd00::21'],
      ['10.0.0.22', 'fd00::22'],
    ]);
  });

  it('reach the kubelet both, and the API server advertises the first, apart from the way to the host', async () => {
    const { cluster } = await parse(dual('name: w1, address: 10.0.0.12'));
    const text = [initConfig(cluster)].flat().join('');
    expect(text).toContain('name: node-ip\n      value: 10.0.0.11,fd00::11');
    expect(text).toContain('advertiseAddress: 10.0.0.11\n');
    expect(text).not.toContain('203.0.113.5');
  });

  it('are flags of a node that runs, and in /etc/hosts where that has names', async () => {
    const { cluster } = await parse(`${dual('name: w1, address: 10.0.0.12')}\nnames: {hostsFile: true}`);
    const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent' });
    const written = JSON.stringify((await slipway.offlinePlan()).nodes);
    expect(written).toContain('10.0.0.11 cp1 # A host');
    expect(written).toContain('fd00::11 cp1 # A host');
    expect(written).not.toContain('203.0.113.5 cp1');
  });

  it.each<[string, string, string]>([
    [
      'of one family',
      host('nodeIp: "10.0.0.12,10.1.0.12"'),
      'hosts[1].nodeIp: has two addresses of one family: one must be of IPv4 and one of IPv6 (got "10.0.0.12,10.1.0.12")',
    ],
    [
      'of which one is none',
      host('nodeIp: "10.0.0.12,fd00::x"'),
      'hosts[1].nodeIp: must be two IP addresses (got "10.0.0.12,fd00::x")',
    ],
    [
      'of which one is empty',
      host('nodeIp: "10.0.0.12,"'),
      'hosts[1].nodeIp: must be two IP addresses (got "10.0.0.12,")',
    ],
    [
      'and one more',
      host('nodeIp: "10.0.0.12,fd00::12,fd00::13"'),
      'hosts[1].nodeIp: has more than two addresses',
    ],
    [
      'for fewer hosts than there are',
      inventory('  - {name: "w[1:2]", nodeIp: "10.0.0.[21:22],fd00::21"}'),
      'hosts[1].nodeIp: stands for 1 nodeIp, and the name for 2 hosts',
    ],
    [
      'of which another host has the second',
      host('nodeIp: "10.0.0.12,fd00::12"', '  - {name: w2, nodeIp: "10.0.0.13,fd00::12"}'),
      'hosts[2].nodeIp: the address fd00::12 is that of w1 already, on line 4',
    ],
    [
      'of which the second lies among those of pods',
      dual('name: w1, nodeIp: "10.0.0.12,fd10::12"'),
      'hosts[1].nodeIp:',
    ],
  ])('%s are refused', async (_, text, message) => {
    expect(await problemsOf(text)).toContain(message);
  });
});
