import { type Script, embed, lines, sh } from '#core/shell.ts';
import type { PackageRepository } from '#core/cluster.ts';
import type { Retry, Step } from '#core/step.ts';
import type { OsAnswer } from '#facts/os.ts';
import { versionPattern } from '#facts/package.ts';

import type { Distribution } from './distribution.ts';

/** Debian and Ubuntu: apt and dpkg. */
export const debian: Distribution = {
  family: 'debian',
  releases: ['debian 12', 'debian 13', 'ubuntu 22.04', 'ubuntu 24.04'],
  isFamilyOf: ({ id, idLike }) => id === 'debian' || id === 'ubuntu' || idLike.includes('debian'),

  /**
   * The key stays in its armour: apt reads that itself from a file that ends in .asc, and the host needs no gpg.
   *
   * @see https://manpages.debian.org/bookworm/apt/sources.list.5.en.html for Signed-By (from apt 1.4)
   * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/ (v1.34)
   */
  repositoryFiles: ({ name, key, ...source }, os) => [
    { path: keyringPath(name), content: key },
    {
      path: `/etc/apt/sources.list.d/${name}.list`,
      content: `deb [signed-by=${keyringPath(name)}] ${placeOf(source, os)}\n`,
    },
  ],

  refreshIndex: (wanted) => ({
    do: 'run',
    summary: 'fetch the package index',
    timeoutMs: 600_000,
    retry: PASSING_FAULTS,
    script: lines(
      BOOTED,
      sh`offered() (`,
      sh`:`,
      ...wanted.map(({ name, version }) => offered(name, version)),
      sh`)`,
      REFRESH,
      sh`offered`,
    ),
  }),

  install: (packages, { isHeld, isDowngrade }) => ({
    do: 'run',
    summary: `install ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
    timeoutMs: 1_800_000,
    retry: PASSING_FAULTS,
    script: lines(
      BOOTED,
      UNATTENDED,
      MEND,
      sh`set -- -y -q ${OPTIONS} ${isDowngrade ? ['--allow-downgrades'] : []} ${packages.map(({ name, version }) => `${name}=${version}`)}`,
      // An index that has aged names packages that the mirror has replaced since.
      sh`if ! apt-get install --download-only "$@"; then`,
      update,
      sh`fi
apt-get install "$@"`,
      // Installing with --allow-change-held-packages has taken the hold away.
      ...(isHeld ? [sh`apt-mark hold ${packages.map(({ name }) => name)}`] : []),
    ),
  }),

  hold: (names) => mark('hold', names),
  unhold: (names) => mark('unhold', names),
};

/**
 * Where a repository's index is: in one directory, in a suite for each release, or in a directory for each
 * architecture, which apt fills in.
 *
 * @see https://nvidia.github.io/libnvidia-container/stable/deb/nvidia-container-toolkit.list (1.20.0)
 * @see https://docs.docker.com/engine/install/debian/#install-using-the-repository (28.x)
 */
const placeOf = (
  { url, layout }: Pick<PackageRepository, 'url' | 'layout'>,
  { id, codename }: Pick<OsAnswer, 'id' | 'codename'>,
): string => {
  if (layout === 'docker') return `${url}/${id} ${codename} stable`;
  return layout === 'nvidia' ? `${url}/deb/$(ARCH) /` : `${url}/deb/ /`;
};

const keyringPath = (name: string): string => `/etc/apt/keyrings/${name}-apt-keyring.asc`;

const mark = (verb: 'hold' | 'unhold', names: readonly string[]): Step => ({
  do: 'run',
  summary: `${verb} ${names.join(', ')}`,
  retry: PASSING_FAULTS,
  script: sh`apt-mark ${verb} ${names}`,
});

/** Without Error-Mode a repository that cannot be reached, or whose signature is wrong, is a warning (apt 2.1.15 on). */
const update: Script = sh`apt-get update -q -o APT::Update::Error-Mode=any`;

/** When the whole index was last fetched here; it is forgotten with a reboot. */
const FETCHED = '/run/slipway-package-index';

/**
 * Where the whole index was fetched within the hour, by the phase before, only that of repositories which were
 * set up since is: the others' are tens of megabytes to read, and as they were.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html for Dir::Etc and APT::Get::List-Cleanup
 */
const REFRESH: Script = sh`isDone=
touch ${`${FETCHED}.begun`}
if [ -n "$(find ${FETCHED} -mmin -60 2>/dev/null)" ]; then
  for list in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ "$list" -nt ${FETCHED} ] || continue
    ${embed(update)} -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
  done
  if offered 2>/dev/null; then isDone=1; fi
fi
if [ -z "$isDone" ]; then
  ${embed(update)}
  mv ${`${FETCHED}.begun`} ${FETCHED}
fi`;

/**
 * The lock of dpkg is waited for; recommended packages are left out, for none is needed; a configuration file
 * that is ours stays ours.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
 */
const OPTIONS = [
  '--no-install-recommends',
  '--allow-change-held-packages',
  '-o',
  'DPkg::Lock::Timeout=300',
  '-o',
  'Dpkg::Options::=--force-confold',
] as const;

/**
 * No questions, and no restarts but those in the plan: needrestart, on Ubuntu, restarts services by itself.
 *
 * @see https://github.com/liske/needrestart#environment-variables (3.6)
 */
const UNATTENDED: Script = sh`export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1`;

/** What apt-get itself asks for when dpkg was interrupted: it looks for journals of dpkg in the same place. */
const MEND: Script = sh`if [ -n "$(ls -A /var/lib/dpkg/updates)" ]; then dpkg --force-confold --configure -a; fi`;

/** On a machine's first boot cloud-init may be at work on the sources, or hold the lock. */
const BOOTED: Script = sh`if command -v cloud-init >/dev/null; then timeout 300 cloud-init status --wait >/dev/null || :; fi`;

/** Fails, and says what there is, when the index does not offer the version. */
function offered(name: string, version: string | null): Script {
  const wanted = version === null ? name : `${name} ${version}`;
  return sh`versions=$(apt-cache madison -- ${name} | cut -d'|' -f2 | tr -d ' ')
found=
for version in $versions; do case $version in ${embed(versionPattern(version))}) found=1;; esac; done
if [ -z "$found" ]; then
  echo ${`no package repository offers ${wanted}; these versions are there:`} $versions >&2
  exit 1
fi`;
}

/** Locks that others hold for a while, and what networks and mirrors do in a bad moment. */
const PASSING_FAULTS: Retry = {
  when: [
    'Could not get lock',
    'Unable to (acquire|lock)',
    'lock was locked by another process',
    'Temporary failure resolving',
    'Could not connect',
    'Connection (failed|refused|reset|timed out)',
    'Network is unreachable',
    'Hash Sum mismatch',
    'File has unexpected size',
    'Mirror sync in progress',
    '\\b(500|502|503|504|429)  ',
  ].join('|'),
  attempts: 5,
  pauseMs: 5000,
};
