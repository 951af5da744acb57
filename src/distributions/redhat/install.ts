import { embed, lines, type Script, sh } from '#core/shell.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';

import { CHANGES, ENVIRONMENT, INSTALL_OPTIONS, LOCKS, PASSING_FAULTS } from './dnf.ts';

/** The plugin by which dnf 4 keeps packages at a version, by what it can do: its package is called otherwise on each release. */
export const VERSION_LOCK = 'dnf-command(versionlock)';

/**
 * `lock` and `unlock`, of what is installed. On a host whose dnf 4 has no versionlock yet, that comes first, from the
 * distribution.
 */
const LOCKING: Script = sh`lock() {
has_locks || dnf -y -q ${INSTALL_OPTIONS} install ${VERSION_LOCK}
unlock "$@"
dnf -q -C --setopt='*.skip_if_unavailable=1' versionlock add "$@"; }
unlock() { ! has_locks || dnf -q -C --setopt='*.skip_if_unavailable=1' versionlock delete "$@" >/dev/null 2>&1 || :; }`;

/** Scripts of rpm's packages start nothing, so none has to be kept from it. */
export const install: DistributionFamily['install'] = (packages, { isHeld, others }) => {
  const names = packages.map(({ name }) => name);
  return {
    do: 'run',
    summary: `install ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
    timeoutMs: 1_800_000,
    retry: PASSING_FAULTS,
    script: lines(
      ENVIRONMENT,
      LOCKS,
      LOCKING,
      CHANGES,
      sh`locked=$(locked_names | grep -Fx ${names.flatMap((name) => ['-e', name])} || :)`,
      // What is locked cannot change its version; if nothing comes of it, it is locked again.
      sh`if [ -n "$locked" ]; then
trap 'lock $locked' EXIT
unlock $locked
fi`,
      sh`set -- ${INSTALL_OPTIONS} install ${packages.map(({ name, version }) => `${name}-${version}`)}`,
      // An old index may name packages that the mirror has replaced since; another repository may be gone.
      sh`if ! dnf -y -q --downloadonly "$@"; then`,
      sh`dnf -y -q --refresh makecache || :`,
      sh`fi`,
      refuseUnseen([...names, ...others]),
      sh`dnf -y -q "$@"`,
      sh`trap - EXIT`,
      ...(isHeld ? [sh`lock ${names}`] : []),
    ),
  };
};

/** Fails before anything is changed where dnf would remove a package, or change one that no plan has shown. */
const refuseUnseen = (seen: readonly string[]): Script =>
  sh`said=$(dnf --assumeno "$@" 2>&1) || :
unseen=$(printf '%s\n' "$said" | changes | awk -v seen=${` ${seen.join(' ')} `} '
$1 == "remove" { print }
$1 == "change" && !index(seen, " " $2 " ") { print $1 " " $2 " " $3 " to " $4 }')
if [ -n "$unseen" ]; then
  echo 'nothing was installed, for dnf would also do what no plan has shown:' >&2
  printf '%s\n' "$unseen" >&2
  exit 1
fi`;

export const hold: DistributionFamily['hold'] = (names) => ({
  do: 'run',
  summary: `lock the version of ${names.join(', ')}`,
  timeoutMs: 600_000,
  retry: PASSING_FAULTS,
  script: lines(ENVIRONMENT, LOCKS, LOCKING, sh`lock ${names}`),
});

export const unhold: DistributionFamily['unhold'] = (names) => ({
  do: 'run',
  summary: `unlock the version of ${names.join(', ')}`,
  retry: PASSING_FAULTS,
  script: lines(ENVIRONMENT, LOCKS, LOCKING, sh`unlock ${names}`),
});

/** rpm leaves a configuration file that was changed as `.rpmsave`, and of one that it did not replace its own, `.rpmnew`. */
export const purge: DistributionFamily['purge'] = (names) => ({
  do: 'run',
  summary: `remove ${names.join(', ')}`,
  timeoutMs: 600_000,
  retry: PASSING_FAULTS,
  script: lines(
    ENVIRONMENT,
    LOCKS,
    LOCKING,
    sh`set --
for name in ${names}; do ! rpm -q "$name" >/dev/null 2>&1 || set -- "$@" "$name"; done
if [ $# -gt 0 ]; then
  others=$(rpm -e --test "$@" 2>&1 | sed -n 's/.*is needed by (installed) //p' | sort -u)
  if [ -n "$others" ]; then
    echo 'nothing was removed, for these packages need what is to go:' >&2
    printf '%s\n' "$others" >&2
    exit 1
  fi
  settings=$(rpm -qc "$@")
  dnf -y -q --setopt=clean_requirements_on_remove=0 remove "$@"
  printf '%s\n' "$settings" | while IFS= read -r path; do case $path in /*) rm -f -- "$path.rpmsave" "$path.rpmnew";; esac; done
fi`,
    sh`unlock ${names}`,
  ),
});

/**
 * Images of clouds leave it out, and on release 10 br_netfilter and what iptables needs are in it. Without its version dnf
 * would bring the modules of the newest kernel, and that one along.
 *
 * @see https://github.com/kubernetes/kops/issues/18179, https://github.com/k3s-io/k3s-ansible/issues/536
 */
export const moreModules: NonNullable<DistributionFamily['moreModules']> = (kernel) => {
  const name = `kernel-modules-extra-${kernel}`;
  return {
    name,
    install: {
      do: 'run',
      summary: `install ${name}`,
      timeoutMs: 900_000,
      retry: PASSING_FAULTS,
      script: sh`${embed(ENVIRONMENT)}
if ! dnf -y -q ${INSTALL_OPTIONS} install ${name}; then
  echo ${`${name} is on offer no more where the running kernel has been replaced: have the newest one installed (dnf upgrade kernel kernel-modules-extra), reboot, and run slipway again`} >&2
  exit 1
fi`,
    },
  };
};

/** A package that comes as a file: installed, or installed anew where it is there. */
export const installRpmFile = (path: string): Script => {
  const file = `${path}.rpm`;
  return sh`${embed(ENVIRONMENT)}
mv -f ${path} ${file}
verb=install; rpm -q "$(rpm -qp --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' ${file})" >/dev/null && verb=reinstall
dnf -y -q ${INSTALL_OPTIONS} "$verb" ${file}
rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' ${file} | sed -n 's/^[^d][^ ]* //p' >"$files"
rm -f ${file}`;
};
