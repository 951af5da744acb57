import type { DistributionFamily } from '#distributions/distribution-family.ts';

/**
 * Programs that kubeadm's preflight looks for, and that kube-proxy and pod networks use: minimal images lack them. The
 * package of the kubelet asks for iptables alone, and from September 2026 on as a weak dependency, which slipway leaves
 * out. iptables-nft has ebtables as well, and is the only iptables of release 10.
 *
 * openEuler has tc in iproute, and iptables by another name: there it is left to what the packages of Kubernetes ask for.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/preflight/checks_linux.go (ip, iptables; ethtool, tc)
 * @see https://github.com/kubernetes/release/pull/4518 (Recommends: iptables)
 * @see https://github.com/kubernetes/kops/pull/18179 (iptables-nft on release 10)
 * @see https://gitee.com/src-openeuler/iproute (Provides: iproute-tc)
 */
export const NODE_PACKAGES: NonNullable<DistributionFamily['nodePackages']> = {
  names: ['conntrack-tools', 'ethtool', 'iproute-tc', 'iptables-nft', 'socat'],
  isFor: ({ id }) => id !== 'openEuler',
};
