import type { PackageRepository } from '#core/package-repository.ts';

/**
 * Fingerprints of the keys that sign package repositories, as seen in several independent public repositories.
 *
 * One source says that the Kubernetes key expires on 2026-12-29.
 */
export const KEY_FINGERPRINTS = {
  /** @see https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key (isv:kubernetes) */
  kubernetes: 'DE15B14486CD377B9E876E1A234654DA9A296436',
  /** @see https://nvidia.github.io/libnvidia-container/gpgkey */
  nvidia: 'C95B321B61E88C1809C4F759DDCAE044F796ECB0',
  /** @see https://download.docker.com/linux/debian/gpg */
  docker: '9DC858229FC7DD38854AE2D88D81803C0EBFCD88',
  /** @see https://docs.docker.com/engine/install/rhel/#install-using-the-rpm-repository (28.x), https://download.docker.com/linux/centos/gpg */
  dockerRpm: '060A61C51B558A7F742B77AAC52FEB6B621E9F35',
  /** @see https://download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.36/deb/Release.key (expires 2027-04-22) */
  crio: '85B67D5C50100B1AC8CEFE49CBA9C85640A2B579',
} as const;

/**
 * The community repository of a Kubernetes minor. There is one a minor: an upgrade changes it.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/ (v1.36)
 */
export function kubernetesRepository(minor: string): PackageRepository {
  const url = `https://pkgs.k8s.io/core:/stable:/v${minor}`;
  return { url, keyUrl: keyUrlOf(url), fingerprint: KEY_FINGERPRINTS.kubernetes };
}

/**
 * Where a repository laid out like pkgs.k8s.io has its key; its rpm side, at `rpm/`, carries the same as
 * `repodata/repomd.xml.key`.
 */
export const keyUrlOf = (url: string): string => `${url}/deb/Release.key`;

/**
 * Docker's own repository, with docker-ce and containerd.io: Debian's and Ubuntu's packages are signed with one key, and all
 * rpm packages with another.
 *
 * @see https://docs.docker.com/engine/install/debian/#install-using-the-repository (28.x)
 */
export const dockerRepository = (url = 'https://download.docker.com/linux'): PackageRepository => ({
  url,
  keyUrl: `${url}/debian/gpg`,
  fingerprint: KEY_FINGERPRINTS.docker,
  layout: 'docker',
  rpmKey: { keyUrl: `${url}/centos/gpg`, fingerprint: KEY_FINGERPRINTS.dockerRpm },
});

/**
 * CRI-O's repository of a Kubernetes minor; the minors of both go together.
 *
 * @see https://github.com/cri-o/packaging/blob/main/README.md (v1.36)
 */
export function crioRepository(minor: string): PackageRepository {
  const url = `https://download.opensuse.org/repositories/isv:/cri-o:/stable:/v${minor}`;
  return { url, keyUrl: keyUrlOf(url), fingerprint: KEY_FINGERPRINTS.crio };
}
