import { embed, type Script, sh } from '#core/shell.ts';
import type { Retry } from '#core/step.ts';

import { PROXY_PATH } from './proxy-file.ts';

/** The variable by which every program that runs dnf is told of further options: dnf itself reads none. */
export const DNF_OPTIONS = 'SLIPWAY_DNF_OPTIONS';

/**
 * dnf is run in English, for its words are read, through the proxy of the inventory, and with the options that it is told of.
 */
export const ENVIRONMENT: Script = sh`export LC_ALL=C; [ ! -r ${PROXY_PATH} ] || . ${PROXY_PATH}
[ -z "$${embed(DNF_OPTIONS as Script)}" ] || dnf() { command dnf $${embed(DNF_OPTIONS as Script)} "$@"; }`;

/** Weak dependencies are left out: none is needed. */
export const INSTALL_OPTIONS = ['--setopt=install_weak_deps=0'] as const;

/**
 * Questions go by the index as it was last fetched, which is what keeps them from writing, and without plugins, some of
 * which write. A repository whose index was never fetched is passed over.
 *
 * @see https://dnf.readthedocs.io/en/latest/command_ref.html (4.14: --cacheonly), conf_ref.html (plugins, skip_if_unavailable)
 */
export const READING = ['-C', '--setopt=plugins=0', '--setopt=*.skip_if_unavailable=1'] as const;

/**
 * `offers` prints all versions of packages that the index has for this machine's processor, each in a line. dnf 5 ends no
 * line by itself, and dnf 4 each.
 */
export const OFFERS: Script = sh`offers() { dnf -q ${READING} repoquery --arch "$(uname -m),noarch" --qf 'offer %{name} %{evr}\n' "$@"; }`;

/** The version of an installed package, as dnf writes it: an epoch of 0 is left out. */
const EVR = '%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}';

/** Between two line ends, so that none of what rpm says of packages that are not there can be taken for it. */
export const STATUS_FORMAT = `have %{NAME} ${EVR}\\n`;

/**
 * `changes` reads what dnf is about to do, out of the table that it shows people, and prints what that does to packages
 * that are there: `remove NAME VERSION`, `change NAME FROM TO`.
 *
 * A row begins with one blank and goes on in rows with more. Below it stands what it replaces: in dnf 4 only what has
 * another name, as `NAME.ARCH VERSION`, and in dnf 5 all, with the columns of the table.
 */
export const CHANGES: Script = sh`changes() { awk '
function row_ends() { if (row != "") { split(row, word, " "); last = word[1]; print section, last, word[3]; row = "" } }
/^[A-Z][a-z\/ ]*: *$/ { row_ends(); section = $1; sub(/:/, "", section); next }
/^Transaction Summary/ { row_ends(); exit }
section == "" { next }
/^ +replacing / { row_ends(); name = $2; version = $3
if (NF > 3) version = $4; else sub(/\.[^.]*$/, "", name)
if (name != last) print "Removing", name, version; next }
/^ [^ ]/ { row_ends(); row = $0; next }
/^  +[^ ]/ { row = row " " $0; next }
{ row_ends(); section = "" }
END { row_ends() }' | while read -r verb name version; do case $verb in
Removing) echo "remove $name $version";;
Upgrading|Downgrading) echo "change $name $(rpm -q --qf ${`${EVR}\\n`} "$name" | tail -n 1) $version";;
esac; done; }`;

/**
 * `locks` prints the names of packages that dnf's versionlock keeps at a version: `lock NAME` of dnf 5, which has it built
 * in, and `entry NAME-VERSION` of dnf 4, where it is a plugin. `locked_names` prints the names alone.
 *
 * @see https://dnf-plugins-core.readthedocs.io/en/latest/versionlock.html (4.3)
 * @see https://dnf5.readthedocs.io/en/latest/commands/versionlock.8.html (5.2: /etc/dnf/versionlock.toml)
 */
export const LOCKS: Script = sh`is_dnf5() { case $(readlink -f /usr/bin/dnf) in */dnf5) ;; *) return 1;; esac; }
has_locks() { is_dnf5 || { [ -f /etc/dnf/plugins/versionlock.conf ] && ! grep -qisE '^[[:space:]]*enabled[[:space:]]*=[[:space:]]*(0|no|false|off)' /etc/dnf/plugins/versionlock.conf; }; }
locks() {
has_locks || return 0
if is_dnf5; then sed -n 's/^[[:space:]]*name[[:space:]]*=[[:space:]]*"\([^"]*\)".*/lock \1/p' /etc/dnf/versionlock.toml
else
list=$(sed -n 's/^[[:space:]]*locklist[[:space:]]*=[[:space:]]*//p' /etc/dnf/plugins/versionlock.conf)
[ -n "$list" ] || list=/etc/dnf/plugins/versionlock.list
sed -n 's/^\([^#!].*\)/entry \1/p' "$list"
fi 2>/dev/null; :; }
locked_names() { locks | sed -e 's/^lock //' -e 's/^entry \(.*\)-[^-]*-[^-]*$/\1/' | sort -u; }`;

/** Locks that others hold for a while, and faults of networks and mirrors that pass. */
export const PASSING_FAULTS: readonly Retry[] = [
  {
    when: [
      "can't create transaction lock",
      'Failed to obtain the transaction lock',
      'Could not set lock',
      'rpmdb: .* Resource temporarily unavailable',
    ].join('|'),
    attempts: 7,
    pauseMs: 5000,
  },
  {
    // Curl's numbers: https://curl.se/libcurl/c/libcurl-errors.html; 22 is an answer of a server, as 404.
    when: [
      'Curl error \\((5|6|7|16|18|28|35|52|55|56|92)\\)',
      'Status code: (429|500|502|503|504) for',
      'Could not resolve host',
      'Timeout was reached',
      'checksum doesn.t match|Checksum error',
    ].join('|'),
    attempts: 5,
    pauseMs: 5000,
  },
];
