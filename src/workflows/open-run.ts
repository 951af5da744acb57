import type { Cluster } from '#core/cluster.ts';
import type { Environment } from '#core/environment.ts';
import type { Listener } from '#core/event.ts';
import type { Answers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Plan } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Transport } from '#core/transport.ts';
import { cachedArtifacts, fetchArtifacts } from '#engine/artifacts.ts';
import { fileFetcher } from '#engine/fetch-file.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { factsByHost } from '#engine/observe.ts';
import { Run } from '#engine/run.ts';
import { observer } from '#transport/observer.ts';
import { bareAnswers } from '#transport/probe.ts';
import { patientTransport } from '#transport/patient-transport.ts';
import { sshTransport } from '#transport/ssh-transport.ts';

import { applyWorkflow } from './apply.ts';

/** Which part of the cluster and of the way a run is about. */
export interface Selection {
  /** Names of hosts; absent: all. */
  readonly limit?: readonly string[] | undefined;
  /** Names of phases; absent: all. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

export interface OpenRunOptions extends Selection {
  readonly cluster: Cluster;
  /** Where fetched manifests and keys are kept between runs. */
  readonly cacheDirectory: string;
  /** HOME and SSH_AUTH_SOCK tell which keys of the user's may be tried. */
  readonly env: Environment;
  /** Who holds the hosts' locks; absent in a run that only looks. */
  readonly holder?: string | undefined;
  readonly listener?: Listener;
  readonly signal?: AbortSignal;
  /** Hosts connected to or worked on at once; default 50. */
  readonly concurrency?: number;
  /** Default: SSH, as the inventory says. */
  readonly transport?: Transport;
}

/** Opens a run on real hosts: fetches and checks what they will need, connects when first asked to. */
export async function openRun(options: OpenRunOptions): Promise<Run> {
  const { cluster, cacheDirectory, env } = options;
  const { listener = () => undefined, signal = new AbortController().signal } = options;
  const { transport = patientTransport(sshTransport({ settings: cluster.ssh, env }), { listener, signal }) } =
    options;
  const fetching = { cache: cacheDirectory, listener, signal };
  const artifacts = await fetchArtifacts(artifactsOf(cluster, options), fetching);
  return new Run({
    ...options,
    workflow: applyWorkflow,
    artifacts,
    fetchFile: fileFetcher(fetching),
    transport,
    observe: observer,
    listener,
    signal,
    concurrency: options.concurrency ?? 50,
  });
}

export interface OfflinePlanOptions extends Selection {
  readonly cluster: Cluster;
  readonly cacheDirectory: string;
  /** Recorded answers; absent: freshly installed machines. */
  readonly answers?: Answers;
}

/** Plans without a connection: on freshly installed machines, or on answers that were recorded. */
export async function offlinePlan(options: OfflinePlanOptions): Promise<Plan> {
  const { cluster, cacheDirectory, answers } = options;
  const artifacts = await cachedArtifacts(artifactsOf(cluster, options), cacheDirectory);
  const graph = buildGraph({ ...options, workflow: applyWorkflow, artifacts });
  if (answers !== undefined) refuseGaps(answers, graph);
  const asked = answers === undefined ? [] : factsByHost(graph.nodes).keys();
  const names = new Set([...graph.nodes.map(({ host }) => host), ...asked]);
  return makePlan({
    cluster: cluster.name,
    kubernetes: cluster.kubernetes.version,
    ignoredChecks: cluster.ignoredChecks,
    graph,
    answers: answers ?? bareMachines(graph),
    hosts: cluster.hosts
      .filter(({ name }) => names.has(name))
      .map(({ name }) => ({
        name,
        ...(answers !== undefined &&
          answers[name] === undefined && { unreachable: 'the recording lacks it' }),
      })),
  });
}

/** A host that is not in a recording is planned as one that cannot be reached; one that is has to have told all. */
function refuseGaps(answers: Answers, { nodes }: Graph): void {
  for (const [host, facts] of factsByHost(nodes)) {
    const recorded = answers[host];
    if (recorded === undefined) continue;
    const gap = facts.find(({ family, key }) => recorded[family.name]?.[key] === undefined);
    if (gap === undefined) continue;
    throw new SlipwayError(`the recording has no answer of ${host} to ${gap.family.name} ${gap.key}`, {
      code: 'recording-incomplete',
      exitCode: EXIT.usage,
      hint: 'it is of another inventory or another version of slipway; record anew with: slipway facts --out FILE',
    });
  }
}

/** What the machines of a graph would answer, were they freshly installed. */
const bareMachines = ({ nodes }: Graph): Answers =>
  Object.fromEntries([...factsByHost(nodes)].map(([host, facts]) => [host, bareAnswers(facts)]));

/** A run that is about a few phases needs the files of those alone. */
const artifactsOf = (cluster: Cluster, { only, skip }: Selection) =>
  applyWorkflow.phases
    .filter(({ name }) => (only?.includes(name) ?? true) && skip?.includes(name) !== true)
    .flatMap((phase) => phase.artifacts?.(cluster) ?? []);
