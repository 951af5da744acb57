import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, type Script, sh } from '#core/shell.ts';

import { ETCD_MANIFEST } from './etcd-tools.ts';

/** The etcd of a control plane. */
export type EtcdLocal = {
  /** The tag of its image: `3.6.5-0`; null where there is none. */
  readonly version: string | null;
  /** What its data take on the disk. */
  readonly sizeKib: number;
};

const FLAG = '${row#*--data-dir=}' as Script;
const UNQUOTED_FLAG = '${data%%[\\"\\\']*}' as Script;

export const etcdLocal = (): Fact<EtcdLocal> => fact(family, null);

const family: Family<null, EtcdLocal> = {
  name: 'etcd-local',
  sharesShell: true,
  // Its data grow by themselves.
  isVolatile: true,
  script: () =>
    sh`data=
[ ! -f ${ETCD_MANIFEST} ] || while read -r row || [ -n "$row" ]; do
case $row in
image:*etcd:*) printf '%s\n' "$row";;
'- --data-dir='*|'- '[\"\']--data-dir=*) [ -n "$data" ] || { data=${embed(FLAG)}; data=${embed(UNQUOTED_FLAG)}; };;
esac
done <${ETCD_MANIFEST}
[ -z "$data" ] || du -sk "$data" 2>/dev/null || :`,
  parse: (output, questions) => {
    const version = /^image: .*etcd:v*(\d[^ "\n]*)/m.exec(output)?.[1] ?? null;
    const sizeKib = Number(/^(\d+)\s/m.exec(output)?.[1] ?? 0);
    return questions.map(() => ({ version, sizeKib }));
  },
  bare: () => ({ version: null, sizeKib: 0 }),
};
