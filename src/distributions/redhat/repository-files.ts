import type { PackageRepository } from '#core/package-repository.ts';
import { sh } from '#core/shell.ts';
import type { DistributionFamily, RepositoryRelease } from '#distributions/distribution-family.ts';

export const REPOSITORIES = '/etc/yum.repos.d';

export const keyPath = (name: string): string => `/etc/pki/rpm-gpg/RPM-GPG-KEY-${name}`;

export const entryPath = (name: string): string => `${REPOSITORIES}/${name}.repo`;

const MARK = '# Written by slipway.';

/**
 * No `exclude=`, which would hide packages from slipway as well: what is installed is locked at its version.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/ (v1.36)
 * @see https://dnf.readthedocs.io/en/latest/conf_ref.html#repo-options (4.14)
 */
export const repositoryFiles: DistributionFamily['repositoryFiles'] = (name) => [
  { path: keyPath(name), content: ({ key }) => key, isOwn: () => false },
  {
    path: entryPath(name),
    content: (source, release) =>
      [
        MARK,
        `[${name}]`,
        `name=${name}`,
        `baseurl=${baseUrlOf(source, release)}`,
        'enabled=1',
        ...signaturesOf(source),
        `gpgkey=file://${keyPath(name)}`,
        '',
      ].join('\n'),
    isOwn: (text) => text.startsWith(`${MARK}\n[${name}]\n`),
    isEntry: true,
  },
];

/**
 * NVIDIA signs the index, which has the digests of the packages, and not these.
 *
 * @see https://nvidia.github.io/libnvidia-container/stable/rpm/nvidia-container-toolkit.repo (1.20.0)
 */
const signaturesOf = ({ layout }: PackageRepository): readonly string[] =>
  layout === 'nvidia' ? ['repo_gpgcheck=1', 'gpgcheck=0'] : ['gpgcheck=1'];

/**
 * Where a repository's index is: in one directory, or in one for each architecture, or for each release of a distribution.
 * Docker names Fedora's and RHEL's, and all that are built like RHEL take CentOS'. What it has for release 9 suits
 * distributions with release numbers of their own.
 *
 * @see https://docs.docker.com/engine/install/centos/, https://docs.docker.com/engine/install/rhel/ (28.x)
 */
export function baseUrlOf(
  { url, layout }: PackageRepository,
  { id, versionId }: Pick<RepositoryRelease, 'id' | 'versionId'>,
): string {
  if (layout === 'nvidia') return `${url}/rpm/$basearch`;
  if (layout !== 'docker') return `${url}/rpm/`;
  const major = versionId.split('.')[0] ?? '';
  if (id === 'fedora' || id === 'rhel') return `${url}/${id}/${major}/$basearch/stable`;
  return `${url}/centos/${id === 'amzn' || id === 'openEuler' ? '9' : major}/$basearch/stable`;
}

/** dnf reads copies of all its repository files with the new one among them, and has to know the repository then. */
export const tryRepository: DistributionFamily['tryRepository'] = (name, content) => ({
  do: 'run',
  summary: `have dnf read its repositories with ${entryPath(name)} among them`,
  stdin: content,
  script: sh`export LC_ALL=C
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
mkdir "$trial/parts"
for path in ${REPOSITORIES}/*.repo; do [ ! -f "$path" ] || cp -L "$path" "$trial/parts"; done
cat >"$trial/parts/"${`${name}.repo`}
if grep -qsE '^[[:space:]]*reposdir[[:space:]]*=' /etc/dnf/dnf.conf && ! grep -E '^[[:space:]]*reposdir[[:space:]]*=' /etc/dnf/dnf.conf | grep -qF ${REPOSITORIES}; then
  echo "nothing was written: /etc/dnf/dnf.conf has dnf read its repositories from elsewhere, and not from" ${REPOSITORIES} >&2
  exit 1
fi
if ! dnf -C --setopt=plugins=0 --setopt=reposdir="$trial/parts" repolist --enabled >"$trial/known" 2>"$trial/said" || ! grep -qE ${`^${name}[[:space:]]`} "$trial/known"; then
  echo 'nothing was written: dnf could not read its repositories any more:' >&2
  sed "s|$trial/parts/|"${`${REPOSITORIES}/`}"|g" "$trial/said" >&2
  exit 1
fi`,
});
