import type { PackageRepository } from '#core/package-repository.ts';
import { sh } from '#core/shell.ts';
import type { DistributionFamily, OsRelease } from '#distributions/distribution-family.ts';

export const SOURCES = '/etc/apt/sources.list.d';

export const keyringPath = (name: string): string => `/etc/apt/keyrings/${name}-apt-keyring.asc`;

export const listPath = (name: string): string => `${SOURCES}/${name}.list`;

/** What every entry of slipway's begins with. */
export const entryStart = (name: string): string => `deb [signed-by=${keyringPath(name)}] `;

/**
 * The key stays ASCII-armoured: apt reads that from a file whose name ends in .asc, and the host needs no gpg.
 *
 * @see https://manpages.debian.org/bookworm/apt/sources.list.5.en.html for Signed-By (from apt 1.4)
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/ (v1.34)
 */
export const repositoryFiles: DistributionFamily['repositoryFiles'] = (name) => [
  { path: keyringPath(name), content: ({ key }) => key, isOwn: () => false },
  {
    path: listPath(name),
    content: (source, release) => `${entryStart(name)}${placeOf(source, release)}\n`,
    isOwn: (text) => text.startsWith(entryStart(name)) && text.indexOf('\n') === text.length - 1,
    isEntry: true,
  },
];

/**
 * Where a repository's index is: in one directory, in a suite for each release, or in a directory for each
 * architecture, whose name apt puts in the place of `$(ARCH)`.
 *
 * @see https://nvidia.github.io/libnvidia-container/stable/deb/nvidia-container-toolkit.list (1.20.0)
 * @see https://docs.docker.com/engine/install/debian/#install-using-the-repository (28.x)
 */
export function placeOf(
  { url, layout }: PackageRepository,
  { id, codename }: Pick<OsRelease, 'id' | 'codename'>,
): string {
  if (layout === 'docker') return `${url}/${id} ${codename} stable`;
  return layout === 'nvidia' ? `${url}/deb/$(ARCH) /` : `${url}/deb/ /`;
}

/**
 * apt reads copies of all its sources with the new one among them: where they stand against each other, every command
 * of apt's would fail from then on.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-get.8.en.html (indextargets)
 */
export const tryRepository: DistributionFamily['tryRepository'] = (name, content) => ({
  do: 'run',
  summary: `have apt read its sources with ${listPath(name)} among them`,
  stdin: content,
  script: sh`trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
cat >"$trial/own"
parts=; eval "$(apt-config shell parts Dir::Etc::sourceparts/d)"
if [ "$parts" != ${`${SOURCES}/`} ]; then
  echo "nothing was written: a setting in /etc/apt/apt.conf.d has apt read its sources from $parts, and not from" ${SOURCES} >&2
  exit 1
fi
mkdir "$trial/parts"
for path in "$parts"*.list "$parts"*.sources; do [ ! -f "$path" ] || cp -L "$path" "$trial/parts"; done
cp "$trial/own" "$trial/parts/"${`${name}.list`}
if ! apt-get indextargets -o Dir::Etc::sourceparts="$trial/parts" >/dev/null 2>"$trial/said"; then
  echo 'nothing was written: apt could not read its sources any more:' >&2
  sed "s|$trial/parts/|$parts|g" "$trial/said" >&2
  exit 1
fi`,
});
