import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** What distributions of the Red Hat family guard a machine with, and what they install from. */
export type GuardsAnswer = {
  readonly selinux: 'enforcing' | 'permissive' | null;
  /** Repositories of dnf's that are enabled and not slipway's; null where there is no dnf. */
  readonly repositories: number | null;
  /** What firewalld's settings let in: `6443/tcp`, `2379-2380/tcp`. */
  readonly ports: readonly string[];
  /** Blocks of addresses that its zone `trusted` is for. */
  readonly trusted: readonly string[];
};

export const guards = (): Fact<GuardsAnswer> => fact(family, null);

const family: Family<null, GuardsAnswer> = {
  name: 'guards',
  sharesShell: true,
  /**
   * @see https://man7.org/linux/man-pages/man8/selinuxenabled.8.html, https://docs.kernel.org/admin-guide/LSM/SELinux.html
   * @see https://firewalld.org/documentation/man-pages/firewalld.zone.html (2.3)
   */
  script: () =>
    sh`[ ! -r /sys/fs/selinux/enforce ] || { read -r mode </sys/fs/selinux/enforce; echo "selinux $mode"; }
if [ -d /etc/yum.repos.d ]; then
set -- /dev/null
for path in /etc/yum.repos.d/*.repo; do
[ -r "$path" ] || continue
first=; IFS= read -r first <"$path" || :
case $first in '# Written by slipway'*) ;; *) set -- "$@" "$path";; esac
done
awk 'FNR == 1 { close_section(); is_in = 0 }
/^[[:space:]]*\[/ { close_section(); is_in = 1; is_off = 0 }
tolower($0) ~ /^[[:space:]]*enabled[[:space:]]*=[[:space:]]*(0|no|false|off)/ { is_off = 1 }
END { close_section(); print "repositories", enabled + 0 }
function close_section() { if (is_in && !is_off) enabled += 1 }' "$@"
fi
set -- /etc/firewalld/zones/*.xml
[ ! -e "$1" ] || grep -HsoE '<(port|source) [^>]*>' "$@"; :`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const after = (word: string): readonly string[] =>
      rows.flatMap((row) => (row.startsWith(`${word} `) ? [row.slice(word.length + 1)] : []));
    const mode = after('selinux')[0];
    const count = after('repositories')[0];
    const elements = rows.flatMap((row) => {
      const [, zone = '', element = ''] = ELEMENT.exec(row) ?? [];
      return element === '' ? [] : [{ zone, element }];
    });
    const answer: GuardsAnswer = {
      selinux: mode === undefined ? null : mode === '1' ? 'enforcing' : 'permissive',
      repositories: count === undefined ? null : Number(count),
      ports: elements
        .filter(({ element }) => element.startsWith('<port '))
        .map(({ element }) => `${attribute(element, 'port')}/${attribute(element, 'protocol')}`),
      trusted: elements
        .filter(({ zone, element }) => zone === 'trusted' && element.startsWith('<source '))
        .map(({ element }) => attribute(element, 'address')),
    };
    return questions.map(() => answer);
  },
  bare: () => ({ selinux: null, repositories: null, ports: [], trusted: [] }),
};

/** A zone by its file, and an element of it. */
const ELEMENT = /^\/.*\/zones\/([^/]*?)\.xml:(<.*)$/;

/** Of an element of a zone's file. */
const attribute = (row: string, name: string): string =>
  new RegExp(`\\b${name}=["']([^"']*)["']`).exec(row)?.[1] ?? '';
