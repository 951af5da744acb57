import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

/** Whether the host's own resolver knows a name, by whatever source it is set to ask. */
export type NameLookupAnswer = { readonly resolves: boolean };

export const nameLookup = (name: string): Fact<NameLookupAnswer> => fact(family, name);

const family: Family<string, NameLookupAnswer> = {
  name: 'name-lookup',
  sharesShell: true,
  // Most hosts have their own name in /etc/hosts, written as it is here: that the shell finds by itself. A resolver without a
  // server takes 10 s and more to give up.
  script: (names) =>
    lines(
      sh`slipway_in_hosts() {
[ -r /etc/hosts ] && [ -f /etc/hosts ] || return 1
while read -r address words || [ -n "$address" ]; do
case $address in '#'*) continue;; esac
for word in $words; do case $word in '#'*) break;; "$1") return 0;; esac; done
done </etc/hosts
return 1; }`,
      ...names.map(
        (name) =>
          sh`if slipway_in_hosts ${name} || timeout 2 getent ahosts ${name} >/dev/null 2>&1; then echo yes; else echo no; fi`,
      ),
    ),
  parse: (output, names) => {
    const rows = output.trim().split('\n');
    if (rows.length !== names.length)
      throw new Error(`${names.length} names were looked up, ${rows.length} told of`);
    return rows.map((row) => ({ resolves: row === 'yes' }));
  },
  bare: () => ({ resolves: true }),
};
