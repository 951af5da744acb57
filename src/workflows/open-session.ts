import type { OpenBundle } from '#bundle/open-bundle.ts';
import type { Environment } from '#core/environment.ts';
import type { Transport } from '#core/transport.ts';
import { chosenPhases, type Selection } from '#engine/build-graph.ts';
import { fileFetcher } from '#engine/fetch-file.ts';
import { Run } from '#engine/run.ts';
import { Session, type SessionOptions } from '#engine/session.ts';
import { controller } from '#transport/controller.ts';
import { hostTransport } from '#transport/host-transport.ts';
import { keepingObserver, observer } from '#transport/observer.ts';
import { patientTransport } from '#transport/patient-transport.ts';

import { bundledObserver, bundledTransport } from './bundled-transport.ts';
import { fileTexts } from './file-texts.ts';

export interface OpenSessionOptions extends Omit<
  SessionOptions,
  'transport' | 'observe' | 'fetchFile' | 'controller'
> {
  /** HOME and SSH_AUTH_SOCK tell where the user's keys are. */
  readonly env: Environment;
  readonly cacheDirectory: string;
  /** Where everything from outside comes out of it; absent: it is fetched. */
  readonly bundle?: OpenBundle | undefined;
  /** The directory of the inventory, where programs of the controller begin, and its files; absent: it is in none. */
  readonly inventory?: { readonly directory: string; readonly files: readonly string[] } | undefined;
  /** Default: as the inventory says, by SSH or on this machine. */
  readonly transport: Transport | undefined;
}

/** Opens a session with real hosts. A host is connected to when it is first asked something. */
export function openSession(options: OpenSessionOptions): Session {
  const { cluster, env, cacheDirectory, listener, signal, bundle } = options;
  const hosts = (): Transport => hostTransport({ settings: cluster.ssh, env });
  const transport = options.transport ?? patientTransport(hosts(), { listener, signal });
  const own = { ...options, transport, controller: controller(surroundings(options)) };
  const observe = options.holder === undefined ? observer : keepingObserver;
  if (bundle === undefined) {
    const fetchFile = fileFetcher({ cache: cacheDirectory, listener, signal });
    if (cluster.leavesBundle === true) return new Session({ ...own, observe, fetchFile });
    return new Session({ ...own, transport: bundledTransport(transport), observe, fetchFile });
  }
  return new Session({
    ...own,
    transport: bundledTransport(transport),
    observe: bundledObserver(observe, bundle.id),
    fetchFile: async ({ sha256 }) => (await bundle.read(sha256)).toString('base64'),
    openPiece: bundle.open,
  });
}

/** Where programs of the controller begin, and what they find: the inventory is no part of a plan. */
const surroundings = ({ env, inventory }: Pick<OpenSessionOptions, 'env' | 'inventory'>) => ({
  directory: inventory?.directory ?? '.',
  env: { ...env, ...(inventory !== undefined && { SLIPWAY_INVENTORY: inventory.files.join(':') }) },
});

/** Opens a run of the session's workflow: fetches and checks the files that hosts will need. */
export async function openRun(
  session: Session,
  selection: Selection,
  { cacheDirectory, bundle }: Pick<OpenSessionOptions, 'cacheDirectory' | 'bundle'>,
): Promise<Run> {
  const { cluster, workflow, listener, signal } = session.options;
  const refs = chosenPhases(workflow, selection).flatMap((phase) => phase.artifacts?.(cluster) ?? []);
  const artifacts = await fileTexts(refs, bundle, { cache: cacheDirectory, listener, signal });
  return new Run(session, { ...selection, artifacts });
}
