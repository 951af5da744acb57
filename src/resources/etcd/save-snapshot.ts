import type { Script } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { filledTemplate } from '#core/template.ts';
import { etcdTools } from '#facts/etcd-tools.ts';

/** Where snapshots lie on a control plane unless said otherwise; nobody but root can look into it. */
export const SNAPSHOT_DIRECTORY = '/var/backups/etcd';

/** An hour: a database of 8 GB on a slow disk. */
const TIMEOUT_MS = 3_600_000;
/** None is removed: somebody has asked for each. */
const ALL = 1_000_000;

/** What begins the names of snapshots: those of a timer are removed when there are newer ones. */
type Prefix = 'etcd' | 'slipway';

interface SaveProgram {
  readonly directory: string;
  readonly prefix: Prefix;
  /** How many of that name stay. */
  readonly keep: number;
}

/** The program that saves a snapshot of the member of its host, and verifies it. */
export const saveProgram = ({ directory, prefix, keep }: SaveProgram): string =>
  filledTemplate('backup/save-snapshot.sh', { directory, prefix, keep: String(keep), tools: etcdTools });

/** Saves a snapshot on a control plane, as before something that may go wrong. */
export const saveSnapshot = (): RunStep => ({
  do: 'run',
  summary: `save a snapshot of etcd to ${SNAPSHOT_DIRECTORY}, and verify it`,
  timeoutMs: TIMEOUT_MS,
  script: saveProgram({ directory: SNAPSHOT_DIRECTORY, prefix: 'slipway', keep: ALL }) as Script,
});
