import type { RefusedReleases } from '#distributions/distribution-family.ts';

/** Their codenames, by the release. */
export const CODENAMES = {
  'debian 12': 'bookworm',
  'debian 13': 'trixie',
  'ubuntu 22.04': 'jammy',
  'ubuntu 24.04': 'noble',
  'ubuntu 26.04': 'resolute',
} as const;

/**
 * @see https://wiki.debian.org/LTS (bullseye: 31 August 2026)
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements (3.32: kernel 5.10)
 */
export const REFUSED: readonly RefusedReleases[] = [
  {
    name: 'Debian 11 and older',
    ids: ['debian'],
    before: 12,
    why: 'it has had no security updates since 2026-08-31, and its containerd 1.4 speaks no CRI that a kubelet understands',
    source: 'https://wiki.debian.org/LTS',
  },
  {
    name: 'Ubuntu 20.04 and older',
    ids: ['ubuntu'],
    before: 22.04,
    why: 'it starts with cgroup v1, which the kubelet refuses from 1.35 on, Calico wants kernel 5.10 and it has 5.4, and its standard support has ended on 2025-05-31',
    source: 'https://ubuntu.com/about/release-cycle',
  },
];
