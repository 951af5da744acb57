import { describe, expect, it } from 'vitest';

import {
  cniConfig,
  firewalls,
  neededPorts,
  programs,
  resolver,
  swapScripts,
} from '#checks/preflight/surroundings.ts';
import { unitPrograms } from '#checks/preflight/unit-programs.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { surroundings } from '#facts/surroundings.ts';

import { parseText } from '../facts/ask.ts';

const clusterWith = (encapsulation: string, loadBalancer: object = { type: 'external' }): Cluster =>
  ({
    kubernetes: { etcd: { type: 'stacked' }, loadBalancer, podSubnet: '10.244.0.0/16' },
    network: {
      plugin: 'calico',
      encapsulation,
      bgp: !encapsulation.startsWith('vxlan'),
      install: { by: 'manifest' },
    },
  }) as unknown as Cluster;

/** What a check says of a host that printed this. */
function judged(check: Resource, output: string): string {
  const [around] = parseText(output, [surroundings()]);
  const outcome = check.diff({ around } as never, { host: 'w1', changed: [] });
  return outcome.answer === 'refused' ? `${outcome.why} -- ${outcome.hint}` : outcome.answer;
}

const shadow = (unit: string, command: string): string =>
  `unit ${unit} /etc/systemd/system/${unit}.service ExecStart=${command}\n`;

/** As ufw 0.36.2 writes its rules, read by the fact. */
const UFW = 'ufw DROP\nallow 6443/tcp 0.0.0.0/0\nallow 2379:2380/tcp\nallow 10250/any\nallow 179/tcp\n';

const debians = { type: 'containerd', source: { from: 'distribution' } } as Runtime;

describe('what stands in the way of a node', () => {
  const worker = firewalls(clusterWith('vxlan'), 'worker');
  const controlPlane = firewalls(clusterWith('ipip'), 'control-plane');
  const behindAddress = firewalls(
    clusterWith('ipip', { type: 'keepalived', port: 8443, address: '10.0.0.9' }),
    'control-plane',
  );

  const behindIpv6 = firewalls(
    clusterWith('ipip', { type: 'keepalived', port: 8443, address: 'fd00::9' }),
    'control-plane',
  );

  it.each<readonly [string, Resource, string, string]>([
    [
      'a ufw that does not let in what comes to a virtual address',
      behindAddress,
      `${UFW}allow any/vrrp 224.0.0.18\n`,
      'does not let in 8443/tcp -- ufw allow 8443/tcp',
    ],
    [
      'a ufw that does not let control planes say who has it',
      behindAddress,
      `${UFW}allow 8443/tcp 0.0.0.0/0\n`,
      'does not let in VRRP (to 224.0.0.18) -- ufw allow to 224.0.0.18, or',
    ],
    [
      'a ufw that lets them in to another group',
      behindAddress,
      `${UFW}allow 8443/tcp 0.0.0.0/0\nallow any/any 224.0.0.251\n`,
      'does not let in VRRP',
    ],
    [
      'rules of nftables that drop what they say',
      behindAddress,
      'nftables\n',
      '8443/tcp, 179/tcp, VRRP (to 224.0.0.18) and the pod subnet',
    ],
    ['a ufw that lets nothing in', worker, 'ufw DROP\n', 'does not let in 10250/tcp, 4789/udp'],
    [
      'a ufw that lacks one port',
      controlPlane,
      'ufw REJECT\nallow 6443/tcp\nallow 2379:2380/tcp\nallow 10250/any\n',
      'does not let in 179/tcp -- ufw allow 179/tcp',
    ],
    ['rules of nftables that drop', worker, 'nftables\n', '/etc/nftables.conf drops'],
    ['a resolver on the machine itself', resolver, 'nameserver 127.0.0.1\n', 'names 127.0.0.1'],
    ['one of IPv6', resolver, 'nameserver 192.0.2.1\nnameserver ::1\n', 'names ::1'],
    [
      'an old kubeadm',
      programs,
      'program kubeadm /usr/local/bin/kubeadm\nprogram kubectl /usr/bin/kubectl\n',
      "/usr/local/bin/kubeadm would be run in place of the package's kubeadm -- move what stands there away: rm /usr/local/bin/kubeadm",
    ],
    [
      "another tool's kubelet",
      unitPrograms({ runtime: debians }),
      `${shadow('kubelet', '/usr/local/bin/kubelet')}${shadow('containerd', '/usr/bin/containerd')}`,
      "/etc/systemd/system/kubelet.service starts /usr/local/bin/kubelet in place of the package's program -- move it away: mv /etc/systemd/system/kubelet.service /root/ && systemctl daemon-reload",
    ],
    [
      'its containerd',
      unitPrograms({ runtime: debians }),
      shadow('containerd', '/usr/local/bin/containerd'),
      '/etc/systemd/system/containerd.service starts /usr/local/bin/containerd',
    ],
    [
      'a unit where administrators put them',
      unitPrograms({ runtime: debians }),
      'unit containerd /usr/local/lib/systemd/system/containerd.service ExecStart=-/usr/local/bin/containerd\n',
      '/usr/local/lib/systemd/system/containerd.service starts /usr/local/bin/containerd',
    ],
    [
      'a drop-in that has a runtime read another file',
      unitPrograms({ runtime: debians }),
      'unit containerd /etc/systemd/system/containerd.service.d/old.conf ExecStart=\nunit containerd /etc/systemd/system/containerd.service.d/old.conf ExecStart=/usr/bin/containerd -c /opt/old.toml\n',
      'old.conf starts /usr/bin/containerd on /opt/old.toml in place of /etc/containerd/config.toml',
    ],
    [
      'a unit of Docker that does',
      unitPrograms({ runtime: { ...debians, type: 'docker' } as Runtime }),
      shadow('docker', '/usr/bin/dockerd -H fd:// --config-file=/opt/daemon.json'),
      'starts /usr/bin/dockerd on /opt/daemon.json in place of /etc/docker/daemon.json',
    ],
    [
      "a drop-in that starts the kubelet without kubeadm's settings",
      unitPrograms({ runtime: debians }),
      'unit kubelet /etc/systemd/system/kubelet.service.d/20-etcd-service-manager.conf ExecStart=/usr/bin/kubelet --config=/etc/systemd/system/kubelet.service.d/kubelet.conf\n',
      '20-etcd-service-manager.conf starts /usr/bin/kubelet without $KUBELET_CONFIG_ARGS',
    ],
    [
      'another network plugin',
      cniConfig,
      'cni /etc/cni/net.d/10-calico.conflist\ncni /etc/cni/net.d/05-cilium.conflist\n',
      '/etc/cni/net.d/05-cilium.conflist sorts before',
    ],
    ['a script with swapon', swapScripts, '/etc/rc.local\n', '/etc/rc.local turns swap on'],
  ])('is named: %s', (_, check, output, text) => {
    expect(judged(check, output)).toContain(text);
  });

  it.each<readonly [string, Resource, string]>([
    ['no firewall', worker, ''],
    ['a ufw that lets all in by default', worker, 'ufw ACCEPT\n'],
    ['a ufw that lets in what a worker needs', worker, 'ufw DROP\nallow 10250/tcp\nallow 4789/udp\n'],
    ['a ufw that lets in one protocol whole', worker, 'ufw DROP\nallow any/tcp\nallow any/udp\n'],
    ['a ufw that lets in the group', behindAddress, `${UFW}allow 8443/tcp\nallow any/any 224.0.0.18\n`],
    ['a ufw that lets in the protocol', behindAddress, `${UFW}allow 8443/tcp\nallow any/vrrp 0.0.0.0/0\n`],
    ['a ufw that lets in its network', behindAddress, `${UFW}allow 8443/tcp\nallow any/vrrp 224.0.0.0/24\n`],
    ['a ufw that cannot say it of IPv6', behindIpv6, `${UFW}allow 8443/tcp\n`],
    ['a ufw that lets in all of it', controlPlane, 'ufw DROP\nallow any/any\n'],
    ['a real resolver', resolver, 'nameserver 192.0.2.1\n'],
    ["the packages' programs", programs, 'program kubeadm /usr/bin/kubeadm\n'],
    [
      'a plugin that sorts after Calico',
      cniConfig,
      'cni /etc/cni/net.d/10-calico.conflist\ncni /etc/cni/net.d/87-podman-bridge.conflist\n',
    ],
    ['no script', swapScripts, ''],
    [
      'a copy of a unit that starts the same',
      unitPrograms({ runtime: debians }),
      shadow('containerd', '/usr/bin/containerd --config=/etc/containerd/config.toml') +
        shadow('kubelet', '/usr/bin/kubelet'),
    ],
    [
      "a copy of kubeadm's drop-in, and one that comes before it",
      unitPrograms({ runtime: debians }),
      'unit kubelet /etc/systemd/system/kubelet.service.d/10-kubeadm.conf ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS\nunit kubelet /etc/systemd/system/kubelet.service.d/0-old.conf ExecStart=/usr/bin/kubelet\n',
    ],
  ])('is none of these: %s', (_, check, output) => {
    expect(judged(check, output)).toBe('none');
  });

  it("is no unit of a runtime that is not the host's, or that slipway has as released", () => {
    const output = shadow('crio', '/usr/local/bin/crio') + shadow('containerd', '/usr/local/bin/containerd');
    const released = { ...debians, source: { from: 'upstream' } } as Runtime;
    expect(judged(unitPrograms({ runtime: released }), output)).toBe('none');
    expect(judged(unitPrograms({ runtime: debians }), shadow('crio', '/usr/local/bin/crio'))).toBe('none');
  });
});

const portsOf = (network: object, podSubnet = '10.244.0.0/16') =>
  neededPorts(
    {
      kubernetes: { etcd: { type: 'stacked' }, loadBalancer: { type: 'external' }, podSubnet },
      network: {
        plugin: 'calico',
        encapsulation: 'ipip',
        bgp: true,
        install: { by: 'manifest' },
        ...network,
      },
    } as Cluster,
    'worker',
  );

describe('the ports of the pod network', () => {
  it.each([
    [{}, ['179/tcp']],
    [{ encapsulation: 'vxlan', bgp: false }, ['4789/udp']],
    [{ encapsulation: 'vxlan' }, ['4789/udp', '179/tcp']],
    [{ pools: [{ encapsulation: 'vxlan' }] }, ['4789/udp', '179/tcp']],
    [{ install: { by: 'operator' } }, ['179/tcp', '5473/tcp']],
    [{ typhaReplicas: 3 }, ['179/tcp', '5473/tcp']],
    [{ wireguard: true }, ['179/tcp', '51820/udp']],
    [{ plugin: 'none' }, []],
  ])('with %j are %j', (network, ports) => {
    expect(portsOf(network)).toEqual(['10250/tcp', ...ports]);
  });

  it('have one more for the encryption of IPv6', () => {
    expect(portsOf({ wireguard: true }, '10.244.0.0/16,fd00::/56')).toContain('51821/udp');
  });
});
