import { apiServer, nodesReady, systemPods } from '#checks/verify/cluster-checks.ts';
import { gpuChecks } from '#checks/verify/gpu-checks.ts';
import { verifyRoom, verifyRoomGone } from '#checks/verify/verify-room.ts';
import { clusterIp, nodePort, podDns, rollback, rollout, workload } from '#checks/verify/workload-checks.ts';
import type { Cluster } from '#core/cluster.ts';
import type { ClusterCheck } from '#core/verification.ts';

import { addonNamespaces } from './addons.ts';

/**
 * What `slipway verify` tries, in this order: first what only has to be looked at, then what needs objects of its own.
 *
 * @param hosts names of the hosts that are to be nodes; all of them, unless a part was asked for.
 */
export const verification = (cluster: Cluster, hosts: readonly string[]): readonly ClusterCheck[] => [
  apiServer(),
  nodesReady(cluster, hosts),
  systemPods(cluster, addonNamespaces(cluster)),
  ...gpuChecks(cluster, hosts),
  workload(cluster),
  podDns(cluster),
  clusterIp(cluster),
  nodePort(cluster),
  rollout(cluster),
  rollback(cluster),
];

/** The namespace of the objects that it makes, and the check that they are gone afterwards. */
export const verificationRoom = { hold: verifyRoom, gone: verifyRoomGone() };
