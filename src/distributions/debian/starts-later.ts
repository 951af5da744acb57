import { type Script, lines, sh } from '#core/shell.ts';

/** On a file system from which programs are run, which /run is not: dpkg runs its scripts below /var/lib as well. */
export const STARTS_LATER_DIRECTORY = '/var/lib/slipway-apt';

/** By this name, and not by its path, packages' scripts have units started, stopped and restarted. */
const INVOKE = 'deb-systemd-invoke';
const REAL = `/usr/bin/${INVOKE}`;
const OURS = `${STARTS_LATER_DIRECTORY}/${INVOKE}`;

/**
 * Leaves out the units `$starts_later` where they are to be started, and has the real one do all else: that one also asks
 * the host's own policy-rc.d.
 */
const PROGRAM: Script = lines(
  sh`#!/bin/sh`,
  sh`# Written by slipway for one run of apt, which alone finds it.`,
  sh`[ "$1" = start ] || exec ${REAL} "$@"`,
  sh`shift`,
  sh`for unit; do
  shift
  case " $starts_later " in *" $unit "*) echo "slipway starts $unit later" >&2;; *) set -- "$@" "$unit";; esac
done`,
  sh`[ $# = 0 ] || exec ${REAL} start "$@"`,
);

/**
 * What this script has installed does not start the units `$starts_later`, for which `$dpkg_path` is to be apt's DPkg::Path: dpkg
 * goes by that one, and one that is started without apt, or by an apt that does not know it, by the PATH. Nobody
 * else sees either, so a script that is killed leaves a file that does nothing; the next one removes it.
 *
 * @see https://manpages.debian.org/bookworm/init-system-helpers/deb-systemd-invoke.1p.en.html
 * @see https://manpages.debian.org/bookworm/debhelper/dh_installsystemd.1.en.html
 * @see https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html (DPkg::Path; where it is empty, the PATH stays)
 */
export const STARTING_LATER: Script = sh`dpkg_path=
trap ${`rm -rf ${STARTS_LATER_DIRECTORY}`} EXIT
if [ -n "$starts_later" ]; then
  rm -rf ${STARTS_LATER_DIRECTORY}
  mkdir -m 755 ${STARTS_LATER_DIRECTORY}
  printf '%s\n' ${PROGRAM} >${OURS}
  chmod 755 ${OURS}
  eval "$(apt-config shell dpkg_path DPkg::Path)"
  export starts_later PATH=${STARTS_LATER_DIRECTORY}:"$PATH"
  dpkg_path=${STARTS_LATER_DIRECTORY}:"$dpkg_path"
fi`;
