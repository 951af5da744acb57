import { act, type Action, action } from '#core/action.ts';
import { saveSnapshot } from '#resources/etcd/save-snapshot.ts';

/** A snapshot that lies on a control plane, verified there. */
export interface HostSnapshot {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of the data: as many changes were made before. */
  readonly revision: number;
  readonly totalKeys: number;
}

/** Saves what the member of a control plane has to a file there, and looks whether it is whole. */
export const takeSnapshot = (host: string): Action<HostSnapshot> =>
  action({ name: 'etcd snapshot', runsOn: host, facts: {}, decide: () => act(saveSnapshot()), read });

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
