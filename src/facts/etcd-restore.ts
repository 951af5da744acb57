import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

import { ETCD_MANIFEST, etcdTools, PARKED_MANIFESTS, RESTORE_DIRECTORY } from './etcd-tools.ts';

/** What a restore has to know of a control plane, whether etcd runs there or not. */
export type RestoreState = {
  /** The member's name and URL for its peers, as the manifest has them; empty where there is no manifest. */
  readonly name: string;
  readonly peerUrl: string;
  readonly dataDirectory: string;
  /** The program that restores: etcdutl, or an etcdctl up to 3.5; empty where there is none. */
  readonly tool: string;
  readonly toolVersion: string;
  /** Whether it can let revisions go on far above those of the snapshot. */
  readonly raisesRevisions: boolean;
  /** A line of the authority's certificate, which the objects of its own cluster have in them. */
  readonly authority: string;
  /** Free in the file system of the data, in bytes. */
  readonly freeBytes: number;
  /** sha256 of the snapshot that a restore has begun with; empty where none is under way. */
  readonly underWay: string;
  /** Whether the data is that of the snapshot. */
  readonly hasData: boolean;
  /** Whether the control plane was seen to run on it. */
  readonly hasStarted: boolean;
};

const family: Family<'state', RestoreState> = {
  name: 'etcd-restore',
  patienceMs: 20_000,
  script: () =>
    lines(
      etcdTools,
      sh`manifest=${ETCD_MANIFEST}; [ -e "$manifest" ] || manifest=${`${PARKED_MANIFESTS}/etcd.yaml`}`,
      sh`flag() { sed -n "s/^ *- [\"']\{0,1\}--$1=\([^\"']*\).*/\1/p" "$manifest" 2>/dev/null | head -n 1; }`,
      sh`data=$(flag data-dir)`,
      sh`printf '%s\n' "name=$(flag name)" "peer=$(flag initial-advertise-peer-urls)" "data=$data"`,
      sh`tool=$(etcd_restorer) && {`,
      sh`  printf 'tool=%s\n' "$tool"`,
      sh`  printf 'version=%s\n' "$("$tool" version 2>/dev/null | head -n 1)"`,
      sh`  "$tool" snapshot restore --help 2>/dev/null | grep -q -e --bump-revision && echo raises=yes`,
      sh`}`,
      sh`printf 'authority=%s\n' "$(sed -n 5p /etc/kubernetes/pki/ca.crt 2>/dev/null)"`,
      sh`printf 'free=%s\n' "$(df -Pk "$data" 2>/dev/null | awk 'NR == 2 { print $4 }')"`,
      sh`record=$(cat ${`${RESTORE_DIRECTORY}/snapshot`} 2>/dev/null) && {`,
      sh`  printf 'record=%s\n' "$record"`,
      sh`  [ -e "$data/slipway-restore/$record.done" ] && ! [ -e "$data/slipway-restore/member" ] && echo restored=yes`,
      sh`  [ -e ${`${RESTORE_DIRECTORY}/started`} ] && echo started=yes`,
      sh`}`,
      sh`:`,
    ),
  parse: (output) => [readState(output)],
  bare: () => readState(''),
};

/** Asked of a control plane. */
export const restoreState: Fact<RestoreState> = fact(family, 'state');

function readState(output: string): RestoreState {
  const values = new Map(
    output.split('\n').map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  const value = (key: string): string => values.get(key) ?? '';
  return {
    name: value('name'),
    peerUrl: value('peer'),
    dataDirectory: value('data'),
    tool: value('tool'),
    toolVersion: /version:? (\S+)/.exec(value('version'))?.[1] ?? '',
    raisesRevisions: value('raises') === 'yes',
    authority: value('authority'),
    freeBytes: Number(value('free')) * 1024,
    underWay: value('record'),
    hasData: value('restored') === 'yes',
    hasStarted: value('started') === 'yes',
  };
}
