import type { OsRelease } from '#distributions/distribution-family.ts';

/** Releases of Red Hat Enterprise Linux, and of what is built from the same sources. */
const ENTERPRISE = ['almalinux', 'centos', 'ol', 'rhel', 'rocky'] as const;

const isEnterprise = (id: string): boolean => (ENTERPRISE as readonly string[]).includes(id);

/** By the number before the first dot, but for those that have releases of two numbers. */
export const RELEASES: readonly string[] = [
  ...['rocky', 'almalinux', 'rhel', 'centos', 'ol'].flatMap((id) => [`${id} 9`, `${id} 10`]),
  'fedora 43',
  'fedora 44',
  'amzn 2023',
  'openEuler 24.03',
];

/**
 * Why a release is too old for a node.
 *
 * @see https://kubernetes.io/blog/2025/12/17/kubernetes-v1-35-release/ (the kubelet refuses cgroup v1)
 * @see https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-mode-nftables (v1.34: kernel 5.13)
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements (3.32: kernel 5.10)
 */
export function tooOld({ id, versionId }: Pick<OsRelease, 'id' | 'versionId'>): string | undefined {
  const major = Number.parseInt(versionId, 10);
  if (isEnterprise(id) && major <= 8) {
    return `its kernel ${major === 8 ? '4.18' : '3.10'} starts with cgroup v1, which the kubelet refuses from 1.35 on, and Calico wants 5.10`;
  }
  if (id === 'amzn' && major < 2023) return 'it has yum and no dnf, and starts with cgroup v1';
  return undefined;
}

/** Releases of these have containerd among their own packages; RHEL and its kin have none. */
export const hasOwnContainerd = ({ id }: Pick<OsRelease, 'id'>): boolean =>
  ['fedora', 'amzn', 'openEuler'].includes(id);
