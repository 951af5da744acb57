import type { Environment } from '#core/environment.ts';
import type { Transport } from '#core/transport.ts';
import { fetchArtifacts } from '#engine/artifacts.ts';
import { chosenPhases, type Selection } from '#engine/build-graph.ts';
import { fileFetcher } from '#engine/fetch-file.ts';
import { Run } from '#engine/run.ts';
import { Session, type SessionOptions } from '#engine/session.ts';
import { observer } from '#transport/observer.ts';
import { patientTransport } from '#transport/patient-transport.ts';
import { sshTransport } from '#transport/ssh-transport.ts';

export interface OpenSessionOptions extends Omit<SessionOptions, 'transport' | 'observe' | 'fetchFile'> {
  /** HOME and SSH_AUTH_SOCK tell where the user's keys are. */
  readonly env: Environment;
  readonly cacheDirectory: string;
  /** Default: SSH, as the inventory says. */
  readonly transport: Transport | undefined;
}

/** Opens a session with real hosts. A host is connected to when it is first asked something. */
export function openSession(options: OpenSessionOptions): Session {
  const { cluster, env, cacheDirectory, listener, signal } = options;
  const ssh = (): Transport => sshTransport({ settings: cluster.ssh, env });
  return new Session({
    ...options,
    transport: options.transport ?? patientTransport(ssh(), { listener, signal }),
    observe: observer,
    fetchFile: fileFetcher({ cache: cacheDirectory, listener, signal }),
  });
}

/** Opens a run of the session's workflow: fetches and checks the files that hosts will need. */
export async function openRun(session: Session, selection: Selection, cacheDirectory: string): Promise<Run> {
  const { cluster, workflow, listener, signal } = session.options;
  const refs = chosenPhases(workflow, selection).flatMap((phase) => phase.artifacts?.(cluster) ?? []);
  const artifacts = await fetchArtifacts(refs, { cache: cacheDirectory, listener, signal });
  return new Run(session, { ...selection, artifacts });
}
