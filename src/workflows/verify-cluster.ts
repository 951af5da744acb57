import type { Cluster } from '#core/cluster.ts';
import type { CheckResult } from '#core/verification.ts';
import type { Session } from '#engine/session.ts';
import { runVerification } from '#engine/verification.ts';
import { verification, verificationRoom } from '#phases/verification.ts';

export interface VerifyClusterOptions {
  readonly cluster: Cluster;
  /** Names of hosts; absent: all. */
  readonly limit: readonly string[] | undefined;
  /** Told of each check as it ends. */
  readonly onResult: (result: CheckResult) => void;
  readonly signal: AbortSignal;
}

/** Uses a cluster as its users will, through the control plane that answers. */
export async function verifyCluster(
  session: Session,
  { cluster, limit, ...rest }: VerifyClusterOptions,
): Promise<readonly CheckResult[]> {
  const names = cluster.hosts.map(({ name }) => name);
  return runVerification({
    ...rest,
    checks: verification(cluster, limit === undefined ? names : names.filter((name) => limit.includes(name))),
    ignored: cluster.ignoredChecks,
    connection: await session.connections.to(await session.looker.speaker()),
    room: verificationRoom,
  });
}
