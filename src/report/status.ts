import type { Host } from '#core/cluster.ts';
import type { Json } from '#core/json.ts';
import { type Plan, summarize } from '#core/plan.ts';
import type { ApiState, NodeState } from '#facts/api.ts';
import type { EtcdBackupAnswer } from '#facts/etcd-backup.ts';
import { removalOf } from '#facts/node-of.ts';

/** A host of the inventory, or a node that is none of them. */
export interface StatusRow {
  readonly name: string;
  readonly role: string;
  /** As the cluster reports it. */
  readonly node: 'Ready' | 'NotReady' | 'absent' | 'unknown';
  /** Why it is not ready, or what else is to be said of it. */
  readonly note: string;
  readonly version: string;
  readonly runtime: string;
  readonly gpus: number;
  /** Whether the host is as the inventory says: `converged`, `3 to change`, `unreachable`. */
  readonly host: string;
  readonly isConverged: boolean;
  /** The snapshots of etcd that its timer saves; absent where it has none to save. */
  readonly etcdBackup?: EtcdBackupAnswer;
}

/** The nodes of a cluster, and whether the hosts are as wanted: plain JSON. */
export interface Status {
  readonly cluster: string;
  readonly kubernetes: string;
  /** False where no API server answers. */
  readonly isAnswering: boolean;
  readonly rows: readonly StatusRow[];
}

/**
 * The hosts of a plan with their nodes, then the nodes that no host of the inventory is.
 *
 * @param answer of the fact `apiState`; undefined where nobody could be asked.
 */
export function statusOf(plan: Plan, hosts: readonly Host[], answer: Json | undefined): Status {
  const api = answer as ApiState | undefined;
  const nodes = api?.state === 'ready' ? api.nodes : undefined;
  const planned = new Map(plan.hosts.map((host) => [host.name, host]));
  const known = new Set(hosts.map(({ name }) => name));
  const ending = endingIn(plan);
  const absent = {
    node: nodes === undefined ? 'unknown' : 'absent',
    version: '',
    runtime: '',
    gpus: 0,
  } as const;
  const own = hosts.flatMap(({ name, role }): readonly StatusRow[] => {
    const found = planned.get(name);
    if (found === undefined) return [];
    const { unreachable } = found;
    const node = nodes?.[name];
    const open = openOf(plan, name);
    const etcdBackup = backupOf(plan, name);
    return [
      {
        name,
        role,
        ...(node === undefined ? absent : cellsOf(node)),
        note: joined(unreachable, noteOf(node), backupNote(etcdBackup), ...(ending.get(name) ?? [])),
        ...(etcdBackup !== undefined && { etcdBackup }),
        host: unreachable === undefined ? open : 'unreachable',
        isConverged: unreachable === undefined && open === CONVERGED,
      },
    ];
  });
  const strangers = Object.entries(nodes ?? {}).flatMap(([name, node]): readonly StatusRow[] =>
    known.has(name)
      ? []
      : [
          {
            ...cellsOf(node),
            name,
            role: '',
            note: joined(
              planned.has(name) ? 'to be absent' : `not in the inventory. ${removalOf(name)}`,
              noteOf(node),
            ),
            host: '-',
            isConverged: false,
          },
        ],
  );
  const { cluster, kubernetes } = plan;
  return { cluster, kubernetes, isAnswering: nodes !== undefined, rows: [...own, ...strangers] };
}

const CONVERGED = 'converged';

function openOf({ nodes }: Plan, host: string): string {
  const own = nodes.filter((node) => node.host === host);
  const { change, later, deferred, refused } = summarize({ nodes: own, hosts: [] });
  const parts = [
    [change, 'to change'],
    [deferred, 'not known yet'],
    [later, 'to be looked at later'],
    [refused, 'refused'],
  ] as const;
  const open = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return open.length === 0 ? CONVERGED : open.join(', ');
}

/** By host, what a plan says of certificates that end soon. */
function endingIn({ nodes }: Plan): ReadonlyMap<string, readonly string[]> {
  const noted = nodes.flatMap(({ host, phase, outcome }) =>
    phase === 'certificates' && 'notes' in outcome ? [{ host, notes: outcome.notes ?? [] }] : [],
  );
  return new Map(
    [...Map.groupBy(noted, ({ host }) => host)].map(([host, same]) => [
      host,
      same.flatMap(({ notes }) => notes),
    ]),
  );
}

const cellsOf = ({
  isReady,
  kubeletVersion,
  runtimeVersion,
  gpus,
}: NodeState): Pick<StatusRow, 'node' | 'version' | 'runtime' | 'gpus'> => ({
  node: isReady ? 'Ready' : 'NotReady',
  version: kubeletVersion,
  runtime: runtimeVersion.replace('://', ' '),
  gpus: Number(gpus['nvidia.com/gpu'] ?? 0),
});

const noteOf = (node: NodeState | undefined): string =>
  node === undefined ? '' : joined(node.isReady ? '' : node.message, node.isCordoned ? 'cordoned' : '');

/** There is one question a host at most: about the directory that the inventory names. */
const backupOf = ({ facts }: Plan, host: string): EtcdBackupAnswer | undefined =>
  Object.values(facts[host]?.['etcd-backup'] ?? {})[0] as EtcdBackupAnswer | undefined;

function backupNote(backup: EtcdBackupAnswer | undefined): string {
  if (backup === undefined) return '';
  const last = backup.lastAt === null ? 'etcd was not saved yet' : `etcd was last saved at ${backup.lastAt}`;
  return backup.hasFailed ? `${last}; the last try failed` : last;
}

const joined = (...texts: readonly (string | undefined)[]): string => texts.filter(Boolean).join('; ');
