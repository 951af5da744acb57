import { type Script, sh } from '#core/shell.ts';
import type { Retry } from '#core/step.ts';

/** Without Error-Mode a repository that cannot be reached, or whose signature is wrong, is a warning (apt 2.1.15 on). */
export const UPDATE: Script = sh`apt-get update -q -o APT::Update::Error-Mode=any`;

/**
 * Waits for dpkg's lock, and keeps a configuration file that was changed on the host as it is.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
 */
export const DPKG_OPTIONS = [
  '-o',
  'DPkg::Lock::Timeout=300',
  '-o',
  'Dpkg::Options::=--force-confold',
] as const;

/** Recommended packages are left out: none is needed. */
export const INSTALL_OPTIONS = [
  '--no-install-recommends',
  '--allow-change-held-packages',
  ...DPKG_OPTIONS,
] as const;

/**
 * Has `apt-get install` say what it would do, and do none of it, whatever the host's own configuration says. `--simulate` says the
 * same, but takes three times as long: it also tries the order of all packages. `--assume-no` would install: it is not
 * asked where nothing comes with the packages that are named.
 *
 * @see https://salsa.debian.org/apt-team/apt/-/blob/2.6.1/apt-private/private-install.cc (InstallPackages)
 */
export const WOULD_DO = [
  '--print-uris',
  ...['Debug::NoLocking=1', 'APT::Get::Show-Versions=1', 'APT::Get::Show-Upgraded=1', 'quiet=1'].flatMap(
    (option) => ['-o', option],
  ),
] as const;

/**
 * Reads that: `Remv NAME [VERSION]` and `Inst NAME [FROM] (TO)`, as `--simulate` would have it, and errors as they are. The
 * last line counts what is to be upgraded, downgraded and removed: where the lists have another number, that is an error.
 */
export const READ_WOULD_DO: Script = sh`awk '
/^E: / { failed = 1 }
/^E: |^ [^ ]+ : |^ +Depends: / { print; next }
/^[0-9]+ upgraded, .* to remove / {
  told = 1
  for (i = 2; i < NF; i++) if ($i == "upgraded," || $i == "downgraded," || $i " " $(i + 1) == "to remove") count += $(i - 1)
}
/^The following packages will be REMOVED:/ { is = "Remv"; next }
/^The following packages will be (upgraded|DOWNGRADED):/ { is = "Inst"; next }
is == "" || !/^   [^ ]/ { is = ""; next }
{ found++; name = $1; sub(/[*]$/, "", name); version = substr($2, 2); sub(/[)]$/, "", version); to = $4; sub(/[)]$/, "", to) }
is == "Remv" { print is " " name " [" version "]" }
is == "Inst" { print is " " name " [" version "] (" to ")" }
END { if (!failed && (!told || found != count)) print "E: unclear what apt-get would do" }'`;

/**
 * Packages ask no questions, and no service is restarted but those in the plan: on Ubuntu, needrestart would restart
 * services by itself.
 *
 * @see https://github.com/liske/needrestart#environment-variables (3.6)
 */
export const UNATTENDED: Script = sh`export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1`;

/** A lock of apt or dpkg that somebody holds: apt-daily, at a machine's first start, for minutes. */
const LOCKS: Retry = {
  when: ['Could not get lock', 'Unable to (acquire|lock)', 'lock was locked by another process'].join('|'),
  attempts: 7,
  pauseMs: 5000,
};

/** Locks that others hold for a while, and faults of networks and mirrors that pass. */
export const PASSING_FAULTS: readonly Retry[] = [
  LOCKS,
  {
    when: [
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
  },
];
