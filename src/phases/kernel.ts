import type { Phase } from '#core/phase.ts';
import { sideBySide } from '#core/resource.ts';
import { kernelModule } from '#resources/host/kernel-module.ts';
import { sysctl } from '#resources/host/sysctl.ts';

/** @see https://kubernetes.io/docs/setup/production-environment/container-runtimes/ (v1.34; the bridge module and its keys stand there up to v1.29, and Calico needs them still) */
const MODULES = ['overlay', 'br_netfilter'] as const;

/** @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/ipvs/README.md#prerequisite */
const IPVS_MODULES = ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack'] as const;

const SYSCTLS = {
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.ipv4.ip_forward': '1',
} as const;

/**
 * For pods with IPv6 addresses; kubeadm checks the second one.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/dual-stack-support/ (v1.34)
 */
const IPV6_SYSCTLS = {
  'net.ipv6.conf.all.forwarding': '1',
  'net.ipv6.conf.default.forwarding': '1',
} as const;

export const kernel: Phase = {
  name: 'kernel',
  summary: 'modules loaded and forwarding on, now and after a reboot',
  // On some distributions a package brings modules, through the proxy.
  needs: ({ cluster: { proxy } }) => ['preflight', ...(proxy === null ? [] : ['proxy'])],
  common: ({ cluster }) => [
    // One after the other: where a package brings them, the first has it installed.
    ...MODULES.map(kernelModule),
    ...(cluster.kubernetes.kubeProxy.mode === 'ipvs' ? IPVS_MODULES.map(kernelModule) : []),
    ...sideBySide(
      Object.entries({
        ...SYSCTLS,
        ...(cluster.kubernetes.podSubnet.includes(':') && IPV6_SYSCTLS),
      }).map(([key, value]) => sysctl({ key, value })),
    ),
  ],
};
