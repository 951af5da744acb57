import { describe, expect, it } from 'vitest';

import {
  cniConfig,
  firewalls,
  programs,
  resolver,
  swapScripts,
  unitPrograms,
} from '#checks/preflight/surroundings.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { surroundings } from '#facts/surroundings.ts';

import { parseText } from '../facts/ask.ts';

const clusterWith = (encapsulation: string, loadBalancer: object = { type: 'external' }): Cluster =>
  ({ kubernetes: { loadBalancer }, network: { plugin: 'calico', encapsulation } }) as unknown as Cluster;

/** What a check says of a host that printed this. */
function judged(check: Resource, output: string): string {
  const [around] = parseText(output, [surroundings()]);
  const outcome = check.diff({ around } as never, { host: 'w1', changed: [] });
  return outcome.answer === 'refused' ? `${outcome.why} -- ${outcome.hint}` : outcome.answer;
}

const debians = { type: 'containerd', source: { from: 'distribution' } } as Runtime;

describe('what stands in the way of a node', () => {
  const worker = firewalls(clusterWith('vxlan'), 'worker');
  const controlPlane = firewalls(clusterWith('ipip'), 'control-plane');
  const behindAddress = firewalls(clusterWith('ipip', { type: 'keepalived', port: 8443 }), 'control-plane');

  it.each<readonly [string, Resource, string, string]>([
    [
      'a ufw that does not let in what comes to a virtual address',
      behindAddress,
      'ufw DROP\nallow 6443/tcp\nallow 2379:2380/tcp\nallow 10250/any\nallow 179/tcp\n',
      'does not let in 8443/tcp -- ufw allow 8443/tcp',
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
      'unit kubelet /usr/local/bin/kubelet\nunit containerd /usr/bin/containerd\n',
      "/etc/systemd/system/kubelet.service starts /usr/local/bin/kubelet in place of the package's program -- move it away: mv /etc/systemd/system/kubelet.service /root/ && systemctl daemon-reload",
    ],
    [
      'its containerd',
      unitPrograms({ runtime: debians }),
      'unit containerd /usr/local/bin/containerd\n',
      '/etc/systemd/system/containerd.service starts /usr/local/bin/containerd',
    ],
    [
      'another network plugin',
      cniConfig,
      'cni /etc/cni/net.d/10-calico.conflist\ncni /etc/cni/net.d/05-cilium.conflist\n',
      '/etc/cni/net.d/05-cilium.conflist sorts before',
    ],
    ['a script with swapon', swapScripts, 'swap /etc/rc.local\n', '/etc/rc.local turns swap on'],
  ])('is named: %s', (_, check, output, text) => {
    expect(judged(check, output)).toContain(text);
  });

  it.each<readonly [string, Resource, string]>([
    ['no firewall', worker, ''],
    ['a ufw that lets all in by default', worker, 'ufw ACCEPT\n'],
    ['a ufw that lets in what a worker needs', worker, 'ufw DROP\nallow 10250/tcp\nallow 4789/udp\n'],
    ['a ufw that lets in one protocol whole', worker, 'ufw DROP\nallow any/tcp\nallow any/udp\n'],
    ['a ufw that lets in all of it', controlPlane, 'ufw DROP\nallow any/any\n'],
    ['a real resolver', resolver, 'nameserver 192.0.2.1\n'],
    ["the packages' programs", programs, 'program kubeadm /usr/bin/kubeadm\n'],
    [
      'a plugin that sorts after Calico',
      cniConfig,
      'cni /etc/cni/net.d/10-calico.conflist\ncni /etc/cni/net.d/87-podman-bridge.conflist\n',
    ],
    ['no script', swapScripts, ''],
  ])('is none of these: %s', (_, check, output) => {
    expect(judged(check, output)).toBe('none');
  });

  it("is no unit of a runtime that is not the host's, or that slipway has as released", () => {
    const output = 'unit crio /usr/local/bin/crio\nunit containerd /usr/local/bin/containerd\n';
    const released = { ...debians, source: { from: 'upstream' } } as Runtime;
    expect(judged(unitPrograms({ runtime: released }), output)).toBe('none');
    expect(judged(unitPrograms({ runtime: debians }), 'unit crio /usr/local/bin/crio\n')).toBe('none');
  });
});
