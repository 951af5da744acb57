import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

import { literal } from './drop-ins.ts';

/** Whether the host's own resolver knows a name, by whatever source it is set to ask. */
export type NameLookupAnswer = { readonly resolves: boolean };

export const nameLookup = (name: string): Fact<NameLookupAnswer> => fact(family, name);

const family: Family<string, NameLookupAnswer> = {
  name: 'name-lookup',
  sharesShell: true,
  // Most hosts have their own name in /etc/hosts. A resolver without a server takes 10 s and more to give up.
  script: (names) =>
    lines(
      ...names.map(
        (name) =>
          sh`if { [ -f /etc/hosts ] && grep -qaiE ${`^[^#]*[[:space:]]${literal(name)}([[:space:]#]|$)`} /etc/hosts; } || timeout 2 getent ahosts ${name} >/dev/null; then echo yes; else echo no; fi 2>/dev/null`,
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
