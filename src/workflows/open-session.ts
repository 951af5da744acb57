import type { Environment } from '#core/environment.ts';
import type { Transport } from '#core/transport.ts';
import { fetchArtifacts } from '#engine/artifacts.ts';
import { chosenPhases, type Selection } from '#engine/build-graph.ts';
import { fileFetcher } from '#engine/fetch-file.ts';
import { Run } from '#engine/run.ts';
import { Session, type SessionOptions } from '#engine/session.ts';
import { hostTransport } from '#transport/host-transport.ts';
import { keepingObserver, observer } from '#transport/observer.ts';
import { patientTransport } from '#transport/patient-transport.ts';

export interface OpenSessionOptions extends Omit<SessionOptions, 'transport' | 'observe' | 'fetchFile'> {
  /** HOME and SSH_AUTH_SOCK tell where the user's keys are. */
  readonly env: Environment;
  readonly cacheDirectory: string;
  /** Default: as the inventory says, by SSH or on this machine. */
  readonly transport: Transport | undefined;
}

/** Opens a session with real hosts. A host is connected to when it is first asked something. */
export function openSession(options: OpenSessionOptions): Session {
  const { cluster, env, cacheDirectory, listener, signal } = options;
  const hosts = (): Transport => hostTransport({ settings: cluster.ssh, env });
  return new Session({
    ...options,
    transport: options.transport ?? patientTransport(hosts(), { listener, signal }),
    observe: options.holder === undefined ? observer : keepingObserver,
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
