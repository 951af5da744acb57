import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, type Script, sh } from '#core/shell.ts';

/** Whether the host's own resolver knows a name, by whatever source it is set to ask. */
export type NameLookupAnswer = { readonly resolves: boolean };

export const nameLookup = (name: string): Fact<NameLookupAnswer> => fact(family, name);

const UNCOMMENTED = '${aliases%%#*}' as Script;

const family: Family<string, NameLookupAnswer> = {
  name: 'name-lookup',
  sharesShell: true,
  // Most hosts have their own name in /etc/hosts. A resolver without a server takes 10 s and more to give up.
  script: (names) =>
    sh`set -f
listed() {
while read -r address aliases || [ -n "$address" ]; do
case $address in ''|'#'*) continue;; esac
for alias in ${embed(UNCOMMENTED)}; do [ "$alias" = "$1" ] && return; done
done </etc/hosts
return 1
}
for name in ${names}; do
if listed "$name" || timeout 2 getent ahosts "$name" >/dev/null; then echo yes; else echo no; fi
done 2>/dev/null
set +f`,
  parse: (output, names) => {
    const rows = output.trim().split('\n');
    if (rows.length !== names.length)
      throw new Error(`${names.length} names were looked up, ${rows.length} told of`);
    return rows.map((row) => ({ resolves: row === 'yes' }));
  },
  bare: () => ({ resolves: true }),
};
