import type { Cluster } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { os } from '#facts/os.ts';

import { check } from './check.ts';

/**
 * What Calico needs of a kernel beyond what it always needs.
 *
 * @see https://docs.tigera.io/calico/latest/operations/ebpf/install (3.32: 5.10)
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/nftables (3.32: 5.13)
 * @see https://docs.tigera.io/calico/latest/network-policy/encrypt-cluster-pod-traffic (3.32: 5.6)
 */
const KERNELS = { bpf: '5.10', nftables: '5.13', wireguard: '5.6' } as const;

/** Whether the kernel has what the data plane and the encryption of the pod network are made of; none where they ask nothing. */
export function calicoKernel({ network }: Pick<Cluster, 'network'>): readonly Resource[] {
  if (network.plugin === 'none') return [];
  const { dataplane, wireguard } = network;
  const wanted = [
    ...(dataplane === 'bpf' || dataplane === 'nftables'
      ? [[`network.dataplane: ${dataplane}`, KERNELS[dataplane]] as const]
      : []),
    ...(wireguard === true ? [['network.wireguard', KERNELS.wireguard] as const] : []),
  ];
  if (wanted.length === 0) return [];
  return [
    check({
      name: 'CalicoKernel',
      facts: { os: os() },
      judge: ({ os: { kernel } }) => {
        const missing = wanted.find(([, version]) => isOlder(kernel, version));
        if (missing === undefined) return kernel;
        const [key, version] = missing;
        return {
          why: `the kernel is ${kernel}, and ${key} needs ${version} or newer`,
          hint: `install a newer kernel, and reboot into it; or leave ${key} out of the inventory`,
        };
      },
    }),
  ];
}

function isOlder(kernel: string, version: string): boolean {
  const [major = 0, minor = 0] = (/^(\d+)\.(\d+)/.exec(kernel)?.slice(1) ?? []).map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = version.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
