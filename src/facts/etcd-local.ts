import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

import { ETCD_MANIFEST } from './etcd-tools.ts';

/** The etcd of a control plane. */
export type EtcdLocal = {
  /** The tag of its image: `3.6.5-0`; null where there is none. */
  readonly version: string | null;
  /** What its data take on the disk. */
  readonly sizeKib: number;
};

export const etcdLocal = (): Fact<EtcdLocal> => fact(family, null);

const family: Family<null, EtcdLocal> = {
  name: 'etcd-local',
  sharesShell: true,
  // Its data grow by themselves.
  isVolatile: true,
  script: () =>
    sh`sed -n 's/^ *image: .*etcd:v*\([0-9][^ "]*\).*/version \1/p' ${ETCD_MANIFEST} 2>/dev/null || :
data=$(sed -n "s/^ *- [\"']\{0,1\}--data-dir=\([^\"']*\).*/\1/p" ${ETCD_MANIFEST} 2>/dev/null | head -n 1)
[ -z "$data" ] || du -sk "$data" 2>/dev/null || :`,
  parse: (output, questions) => {
    const version = /^version (\S+)$/m.exec(output)?.[1] ?? null;
    const sizeKib = Number(/^(\d+)\s/m.exec(output)?.[1] ?? 0);
    return questions.map(() => ({ version, sizeKib }));
  },
  bare: () => ({ version: null, sizeKib: 0 }),
};
