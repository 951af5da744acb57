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
  /**
   * @see https://man7.org/linux/man-pages/man8/selinuxenabled.8.html, https://docs.kernel.org/admin-guide/LSM/SELinux.html
   * @see https://firewalld.org/documentation/man-pages/firewalld.zone.html (2.3)
   */
  script: () =>
    sh`[ ! -r /sys/fs/selinux/enforce ] || { read -r mode </sys/fs/selinux/enforce; echo "selinux $mode"; }
[ ! -d /etc/yum.repos.d ] || for path in /etc/yum.repos.d/*.repo /dev/null; do
[ ! -r "$path" ] || IFS= read -r first <"$path" || :
case $first in '# Written by slipway'*) first=; continue;; esac
awk '/^[[:space:]]*\[/ { if (is_in && !is_off) enabled += 1; is_in = 1; is_off = 0 }
tolower($0) ~ /^[[:space:]]*enabled[[:space:]]*=[[:space:]]*(0|no|false|off)/ { is_off = 1 }
END { if (is_in && !is_off) enabled += 1; print "repositories", enabled + 0 }' "$path"
done
grep -hsoE '<port [^>]*>' /etc/firewalld/zones/*.xml | sed 's/^/open /'
grep -hsoE '<source [^>]*>' /etc/firewalld/zones/trusted.xml | sed 's/^/trusted /'; :`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const after = (word: string): readonly string[] =>
      rows.flatMap((row) => (row.startsWith(`${word} `) ? [row.slice(word.length + 1)] : []));
    const mode = after('selinux')[0];
    const counts = after('repositories').map(Number);
    const answer: GuardsAnswer = {
      selinux: mode === undefined ? null : mode === '1' ? 'enforcing' : 'permissive',
      repositories: counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0),
      ports: after('open').map((row) => `${attribute(row, 'port')}/${attribute(row, 'protocol')}`),
      trusted: after('trusted').map((row) => attribute(row, 'address')),
    };
    return questions.map(() => answer);
  },
  bare: () => ({ selinux: null, repositories: null, ports: [], trusted: [] }),
};

/** Of an element of a zone's file. */
const attribute = (row: string, name: string): string =>
  new RegExp(`\\b${name}=["']([^"']*)["']`).exec(row)?.[1] ?? '';
