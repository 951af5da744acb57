import { act, type Action, action } from '#core/action.ts';
import { lines, type Script, sh } from '#core/shell.ts';
import { etcdTools } from '#facts/etcd-tools.ts';

/** Where snapshots lie on a control plane; nobody but root can look into it. */
export const SNAPSHOT_DIRECTORY = '/var/backups/etcd';

/** A snapshot that lies on a control plane, verified there. */
export interface HostSnapshot {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of the data: as many changes were made before. */
  readonly revision: number;
  readonly totalKeys: number;
}

interface Wanted {
  /** The control plane whose member is asked. */
  readonly host: string;
  /** Of its database. */
  readonly sizeBytes: number;
}

/** An hour: a database of 8 GB on a slow disk. */
const TIMEOUT_MS = 3_600_000;

/** Saves what a member has to a file on its host, and looks whether it is whole. */
export const takeSnapshot = ({ host, sizeBytes }: Wanted): Action<HostSnapshot> =>
  action({
    name: 'etcd snapshot',
    runsOn: host,
    facts: {},
    decide: () =>
      act({
        do: 'run',
        summary: `save a snapshot to ${SNAPSHOT_DIRECTORY}, and verify it`,
        timeoutMs: TIMEOUT_MS,
        script: script(Math.ceil((sizeBytes * 1.1) / 1024)),
      }),
    read,
  });

const script = (neededKiB: number): Script =>
  lines(
    etcdTools,
    sh`umask 077`,
    sh`mkdir -p ${SNAPSHOT_DIRECTORY}; chmod 700 ${SNAPSHOT_DIRECTORY}; cd ${SNAPSHOT_DIRECTORY}`,
    sh`exec 9>.lock; flock -n 9 || { echo 'another snapshot is being saved on this host' >&2; exit 1; }`,
    sh`rm -f slipway-*.part slipway-*.part.part`,
    sh`free=$(df -Pk . | awk 'NR == 2 { print $4 }')`,
    sh`[ "$free" -gt ${neededKiB} ] || { echo "$free KiB are free in" ${SNAPSHOT_DIRECTORY}, ${neededKiB} 'KiB are needed' >&2; exit 1; }`,
    sh`name=slipway-$(date -u +%Y%m%dT%H%M%SZ).db`,
    sh`etcd_ctl snapshot save "$name.part" >&2`,
    sh`status=$(etcd_verify "$name.part")`,
    sh`sync "$name.part"; mv "$name.part" "$name"`,
    sh`printf '%s\n' "$(pwd)/$name" "$(stat -c %s "$name")" "$(sha256sum "$name" | cut -c1-64)" "$status"`,
  );

function read(stdout: string): HostSnapshot {
  const [path = '', size = '', sha256 = '', status = ''] = stdout.trim().split('\n');
  const { revision = 0, totalKey = 0 } = JSON.parse(status || '{}') as Status;
  return { path, sizeBytes: Number(size), sha256, revision, totalKeys: totalKey };
}

/** https://github.com/etcd-io/etcd/blob/v3.6.5/etcdutl/snapshot/v3_snapshot.go */
interface Status {
  readonly revision?: number;
  readonly totalKey?: number;
}
