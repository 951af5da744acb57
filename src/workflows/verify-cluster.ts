import type { Cluster } from '#core/cluster.ts';
import type { Connection } from '#core/transport.ts';
import type { CheckResult } from '#core/verification.ts';
import { runVerification } from '#engine/verification.ts';
import { verification, verificationRoom } from '#phases/verification.ts';

export interface VerifyOptions {
  readonly cluster: Cluster;
  /** To the first control plane. */
  readonly connection: Connection;
  /** Names of the hosts that are to be nodes; absent: all. */
  readonly limit?: readonly string[] | undefined;
  /** Told of each check as it ends. */
  readonly onResult?: (result: CheckResult) => void;
  readonly signal?: AbortSignal;
}

/** Proves that a cluster works, by trying it; what it makes for that is removed again. */
export async function verifyCluster(options: VerifyOptions): Promise<readonly CheckResult[]> {
  const { cluster, connection, limit, onResult = () => undefined } = options;
  return runVerification({
    checks: verification(cluster, limit ?? cluster.hosts.map(({ name }) => name)),
    ignored: cluster.ignoredChecks,
    connection,
    room: verificationRoom,
    onResult,
    signal: options.signal ?? new AbortController().signal,
  });
}
