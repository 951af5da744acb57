import { act, type Action, action } from '#core/action.ts';
import { lines, sh } from '#core/shell.ts';
import type { EtcdMember } from '#facts/etcd-members.ts';
import { etcdTools } from '#facts/etcd-tools.ts';

/** A member answers nothing while it defragments: about a second for each 100 MB on a common disk. */
const TIMEOUT_MS = 600_000;

/**
 * Defragments one member after another, the leader last, and takes back the alarm that a full database raises.
 *
 * @see https://etcd.io/docs/v3.6/op-guide/maintenance/#defragmentation
 */
export const defragment = (
  members: readonly EtcdMember[],
  hosts: readonly string[],
): readonly Action<string>[] =>
  members
    .filter(({ name }) => hosts.includes(name))
    .toSorted((left, right) => Number(left.isLeader) - Number(right.isLeader))
    .map(({ name, id, alarms }) =>
      action({
        name: 'etcd defrag',
        runsOn: name,
        facts: {},
        decide: () =>
          act({
            do: 'run',
            summary: `defragment ${name}${alarms.includes('NOSPACE') ? ', and take back its alarm NOSPACE' : ''}`,
            timeoutMs: TIMEOUT_MS,
            script: lines(
              etcdTools,
              sh`etcd_ctl --command-timeout=${TIMEOUT_MS / 1000 - 10}s defrag`,
              ...(alarms.includes('NOSPACE') ? [sh`etcd_ctl alarm disarm`] : []),
              sh`until etcd_ctl endpoint health >/dev/null 2>&1; do sleep 1; done`,
            ),
          }),
        read: () => id,
      }),
    );
