import type { PackageRepository } from '#core/cluster.ts';
import type { DistributionFamily, OsRelease } from '#distributions/distribution-family.ts';

/**
 * The key stays ASCII-armoured: apt reads that from a file whose name ends in .asc, and the host needs no gpg.
 *
 * @see https://manpages.debian.org/bookworm/apt/sources.list.5.en.html for Signed-By (from apt 1.4)
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/ (v1.34)
 */
export const repositoryFiles: DistributionFamily['repositoryFiles'] = (name) => {
  const keyring = `/etc/apt/keyrings/${name}-apt-keyring.asc`;
  return [
    { path: keyring, content: ({ key }) => key },
    {
      path: `/etc/apt/sources.list.d/${name}.list`,
      content: (source, release) => `deb [signed-by=${keyring}] ${placeOf(source, release)}\n`,
    },
  ];
};

/**
 * Where a repository's index is: in one directory, in a suite for each release, or in a directory for each
 * architecture, whose name apt puts in the place of `$(ARCH)`.
 *
 * @see https://nvidia.github.io/libnvidia-container/stable/deb/nvidia-container-toolkit.list (1.20.0)
 * @see https://docs.docker.com/engine/install/debian/#install-using-the-repository (28.x)
 */
function placeOf({ url, layout }: PackageRepository, { id, codename }: OsRelease): string {
  if (layout === 'docker') return `${url}/${id} ${codename} stable`;
  return layout === 'nvidia' ? `${url}/deb/$(ARCH) /` : `${url}/deb/ /`;
}
