import { describe, expect, it } from 'vitest';

import { kubeletExtraArgs } from '../../../src/checks/preflight/kubelet-extra-args.ts';
import type { Cluster, Host } from '../../../src/core/cluster.ts';
import type { Outcome } from '../../../src/core/resource.ts';

const cluster = {
  kubernetes: {
    version: '1.35.2',
    kubelet: { maxPods: 110, clusterDNS: ['10.96.0.10'], resolvConf: '/run/resolv.conf' },
  },
} as unknown as Cluster;
const host = {
  name: 'w1',
  nodeIp: '10.0.0.7',
  runtime: { type: 'containerd' },
  kubelet: { maxPods: 50 },
  kubeletExtraArgs: { v: '2' },
} as unknown as Host;

const judge = (content: string | null): Outcome =>
  kubeletExtraArgs(cluster, host).diff({ found: { content } } as never, { host: 'w1', changed: [] });

describe('KubeletExtraArgs', () => {
  it.each([
    [null],
    ['KUBELET_EXTRA_ARGS=\n'],
    ['# KUBELET_EXTRA_ARGS=--v=9\n'],
    ['KUBELET_EXTRA_ARGS="--node-ip=10.0.0.7 --v=2 --max-pods 50 --cgroup-driver=systemd"\n'],
    ["KUBELET_EXTRA_ARGS='--serialize-image-pulls=false --cluster-dns=10.96.0.10'\n"],
    ['KUBELET_EXTRA_ARGS=--v=9\nKUBELET_EXTRA_ARGS=--v=2\n'],
    ['KUBELET_KUBEADM_ARGS=--v=9\n'],
  ])('has nothing against %j', (content) => {
    expect(judge(content)).toMatchObject({ answer: 'none' });
  });

  it.each([
    ['--node-ip=10.0.0.9', '--node-ip=10.0.0.9 over 10.0.0.7'],
    ['--v 9', '--v=9 over 2'],
    ['--max-pods=20', '--max-pods=20 over 50'],
    ['--resolv-conf=/etc/resolv.conf', '--resolv-conf=/etc/resolv.conf over /run/resolv.conf'],
    ['--cgroup-driver=cgroupfs', '--cgroup-driver=cgroupfs over systemd'],
    ['--container-runtime-endpoint=unix:///run/cri.sock', 'over unix:///run/containerd/containerd.sock'],
    ['--pod-infra-container-image=pause:3.6', 'which kubelet 1.35.2 does not know'],
    ['--container-runtime=remote', 'which kubelet 1.35.2 does not know'],
  ])('names the line that stands against the inventory: %s', (flag, why) => {
    expect(judge(`# mine\nKUBELET_EXTRA_ARGS="--read-only-port=0 ${flag}"\n`)).toMatchObject({
      answer: 'refused',
      check: 'KubeletExtraArgs',
      why: expect.stringMatching(
        new RegExp(`^/etc/default/kubelet:2 gives the kubelet .*${why.replaceAll('.', '\\.')}`),
      ),
    });
  });
});
