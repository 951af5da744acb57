import type { OsRelease, RefusedReleases } from '#distributions/distribution-family.ts';

/** Releases of Red Hat Enterprise Linux, and of what is built from the same sources. */
const ENTERPRISE = ['almalinux', 'centos', 'ol', 'rhel', 'rocky'] as const;

/** By the number before the first dot, but for those that have releases of two numbers. */
export const RELEASES: readonly string[] = [
  ...['rocky', 'almalinux', 'rhel', 'centos', 'ol'].flatMap((id) => [`${id} 9`, `${id} 10`]),
  'fedora 43',
  'fedora 44',
  'amzn 2023',
  'openEuler 24.03',
];

const CGROUP_V1 = 'https://kubernetes.io/blog/2025/12/17/kubernetes-v1-35-release/';

/**
 * @see https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-mode-nftables (v1.34: kernel 5.13)
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements (3.32: kernel 5.10)
 */
export const REFUSED: readonly RefusedReleases[] = [
  {
    name: 'release 7 of RHEL and its kin, and older ones',
    ids: ENTERPRISE,
    before: 8,
    why: 'its kernel 3.10 starts with cgroup v1, which the kubelet refuses from 1.35 on, and Calico wants 5.10',
    source: CGROUP_V1,
  },
  {
    name: 'release 8 of RHEL and its kin',
    ids: ENTERPRISE,
    before: 9,
    why: 'its kernel 4.18 starts with cgroup v1, which the kubelet refuses from 1.35 on, and Calico wants 5.10',
    source: CGROUP_V1,
  },
  {
    name: 'Amazon Linux 2',
    ids: ['amzn'],
    before: 2023,
    why: 'it has yum and no dnf, and starts with cgroup v1',
    source: 'https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html',
  },
];

/** Releases of these have containerd among their own packages; RHEL and its kin have none. */
export const hasOwnContainerd = ({ id }: Pick<OsRelease, 'id'>): boolean =>
  ['fedora', 'amzn', 'openEuler'].includes(id);
