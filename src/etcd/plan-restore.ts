import type { Step } from '#core/step.ts';
import { type Refused, refused } from '#core/resource.ts';
import type { RestoreState } from '#facts/etcd-restore.ts';
import { RESTORE_DIRECTORY } from '#facts/etcd-tools.ts';

import * as steps from './restore-steps.ts';

/** A control plane as a restore finds it. */
export interface RestoreHost {
  readonly name: string;
  /** Absent where it cannot be reached. */
  readonly state?: RestoreState;
  readonly unreachable?: string;
}

export interface SnapshotToRestore {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Those of the lines that were sought which are in it. */
  readonly found: ReadonlySet<string>;
}

/** What is done on all hosts before anything of the next stage is begun. */
export interface RestoreStage {
  readonly name: string;
  readonly hosts: readonly { readonly host: string; readonly steps: readonly Step[] }[];
}

/** What a restore would do, or why it may not: data to be shown before it is done. */
export type RestorePlan =
  | { readonly answer: 'act'; readonly stages: readonly RestoreStage[]; readonly notes: readonly string[] }
  | Refused;

export interface RestoreOptions {
  /** Whether it may be a snapshot of another cluster. */
  readonly isOfAnother: boolean;
  /** All hosts of the inventory; their kubelets are restarted. */
  readonly all: readonly string[];
}

interface Found {
  readonly host: string;
  readonly state: RestoreState;
}

/**
 * Decides from what the hosts say. All members are restored from the same file, and none starts before all have their
 * data; so what was cut off is gone on with where all hosts have come to.
 */
export function planRestore(
  hosts: readonly RestoreHost[],
  snapshot: SnapshotToRestore,
  options: RestoreOptions,
): RestorePlan {
  const away = hosts.find(({ state }) => state === undefined);
  if (away !== undefined) return cannotReach(away);
  const found = hosts.flatMap(({ name, state }) => (state === undefined ? [] : [{ host: name, state }]));
  const refusal = refusalOf(found, snapshot, options);
  if (refusal !== undefined) return refusal;
  return { answer: 'act', stages: stagesOf(found, snapshot, options.all), notes: notesOf(found, options) };
}

function refusalOf(
  found: readonly Found[],
  { sha256, sizeBytes, found: lines }: SnapshotToRestore,
  { isOfAnother }: RestoreOptions,
): Refused | undefined {
  for (const { host, state } of found) {
    if (state.name === '') {
      return refused(
        'no-etcd',
        `${host} has no manifest of etcd`,
        'a restore needs control planes that kubeadm has made: run "slipway apply" first',
      );
    }
    if (state.underWay !== '' && state.underWay !== sha256) {
      return refused(
        'other-restore',
        `the restore of another snapshot was cut off on ${host}`,
        `finish it with its file, which is in ${RESTORE_DIRECTORY}/${state.underWay}.db there`,
      );
    }
    if (state.tool === '') {
      return refused(
        'no-etcdutl',
        `${host} has no program that restores: neither its image of etcd has etcdutl, nor the host`,
        'copy etcdutl of the same version to /usr/local/bin there, or install the package etcd-client where it has etcdctl before 3.6',
      );
    }
    if (!isBegun(state) && state.freeBytes < sizeBytes * 2.2) {
      return refused(
        'no-room',
        `${host} has ${mib(state.freeBytes)} free at ${state.dataDirectory}, and a restore needs ${mib(sizeBytes * 2.2)}`,
        'make room: the snapshot, its data and what there was lie beside each other',
      );
    }
    if (!isOfAnother && !lines.has(state.authority)) {
      return refused(
        'other-cluster',
        `the snapshot is not of this cluster: the authority of ${host} (/etc/kubernetes/pki/ca.crt) is in none of its objects`,
        'with --another-cluster it is restored all the same: nodes and tokens of the other cluster come with it',
      );
    }
  }
  return undefined;
}

const isBegun = ({ underWay }: RestoreState): boolean => underWay !== '';

function stagesOf(
  found: readonly Found[],
  { sha256 }: SnapshotToRestore,
  all: readonly string[],
): readonly RestoreStage[] {
  const work = { sha256, members: found.map(({ state }) => `${state.name}=${state.peerUrl}`) };
  const each = (name: string, stepsOf: (state: RestoreState) => readonly Step[]): RestoreStage => ({
    name,
    hosts: found.map(({ host, state }) => ({ host, steps: stepsOf(state) })),
  });
  const last = [
    { name: 'kubelets', hosts: all.map((host) => ({ host, steps: [steps.restartKubelet()] })) },
    {
      name: 'clean up',
      hosts: found.map(({ host, state }) => ({ host, steps: [steps.cleanUp(state.dataDirectory)] })),
    },
  ];
  const run = [each('API servers', steps.startOthers), ...last];
  // Once one API server has run on it, what was written since must not be lost.
  if (found.some(({ state }) => state.hasStarted)) return run;
  const start = [each('etcd', steps.startEtcd), ...run];
  if (found.every(({ state }) => state.hasData)) return start;
  return [
    each('prepare', () => steps.prepare(work)),
    each('stop', steps.stop),
    each('data', (state) => steps.restoreData(state, work)),
    ...start,
  ];
}

const notesOf = (found: readonly Found[], { isOfAnother }: RestoreOptions): readonly string[] => [
  'What was written to the cluster after the snapshot is lost: nodes that joined since have to join again',
  'The API is away until all members have their data',
  ...found.flatMap(({ host, state }) =>
    state.raisesRevisions
      ? []
      : [
          `${host} restores with ${state.tool} ${state.toolVersion}, which cannot raise revisions: restart the pods of controllers afterwards`,
        ],
  ),
  ...(isOfAnother ? ['It is not looked whether the snapshot is of this cluster'] : []),
];

const cannotReach = ({ name, unreachable = '' }: RestoreHost): Refused =>
  refused(
    'unreachable',
    `${name} cannot be reached: ${unreachable}`,
    'all members are restored from the same snapshot: bring it back, or take it out of the inventory',
  );

const mib = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`;
