import { bundledArtifacts } from '#bundle/hold-against.ts';
import type { OpenBundle } from '#bundle/open-bundle.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Answers, HostAnswers } from '#core/fact.ts';
import type { Graph } from '#core/graph.ts';
import type { JsonObject } from '#core/json.ts';
import { hostsAway, type Plan, type PlanHost } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Workflow } from '#core/workflow.ts';
import { cachedArtifacts } from '#engine/artifacts.ts';
import { buildGraph, chosenPhases, type Selection, withoutAway } from '#engine/build-graph.ts';
import { answersForCluster } from '#engine/looker.ts';
import { makePlan } from '#engine/make-plan.ts';
import { factsByHost } from '#engine/observe.ts';
import { withPods } from '#phases/disrupted-pods.ts';
import { bareAnswers } from '#transport/probe.ts';

export interface OfflinePlanOptions extends Selection {
  readonly cluster: Cluster;
  readonly workflow: Workflow;
  readonly cacheDirectory: string;
  /** Where files come out of it. */
  readonly bundle?: OpenBundle | undefined;
  /** Recorded answers; absent: freshly installed machines. */
  readonly answers?: Answers | undefined;
}

/** Plans without a connection: on freshly installed machines, or on answers that were recorded. */
export async function offlinePlan(options: OfflinePlanOptions): Promise<Plan> {
  const { cluster, workflow, cacheDirectory, answers } = options;
  const refs = chosenPhases(workflow, options).flatMap((phase) => phase.artifacts?.(cluster) ?? []);
  const artifacts = new Map([
    ...(await cachedArtifacts(refs, cacheDirectory)),
    ...(options.bundle === undefined ? [] : await bundledArtifacts(refs, options.bundle)),
  ]);
  const { speaker } = workflow;
  const clusterHost = speaker.candidates(cluster).find((name) => answersForCluster(speaker, answers?.[name]));
  const graph = buildGraph({ ...options, artifacts, clusterHost });
  if (answers !== undefined) refuseGaps(answers, graph);
  const asked = answers === undefined ? [] : factsByHost(graph.nodes).keys();
  const names = new Set([...graph.nodes.map(({ host }) => host), ...asked]);
  const away = ({ name }: Host, how: 'unreachable' | 'gone'): PlanHost =>
    answers === undefined || answers[name] !== undefined
      ? { name }
      : { name, [how]: 'the recording lacks it' };
  const hosts = [
    ...cluster.hosts.map((host) => away(host, 'unreachable')),
    ...cluster.leaving.map((host) => away(host, 'gone')),
  ].filter(({ name }) => names.has(name));
  const plan = makePlan({
    cluster: cluster.name,
    kubernetes: cluster.kubernetes.version,
    ignoredChecks: cluster.ignoredChecks,
    graph: { ...graph, nodes: withoutAway(graph.nodes, hostsAway(hosts)) },
    answers: answers ?? bareMachines(graph, cluster),
    hosts,
  });
  return answers === undefined ? plan : withPods(plan);
}

/** A host that the recording lacks is planned as unreachable; a host that it has must have answered every question. */
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

/** The answers of freshly installed machines, with what the inventory says that they run. */
function bareMachines({ nodes }: Graph, { hosts }: Cluster): Answers {
  const machines = new Map(
    hosts.flatMap(({ name, os }) => (os === undefined ? [] : [[name, os.fresh] as const])),
  );
  return Object.fromEntries(
    [...factsByHost(nodes)].map(([host, facts]) => {
      const bare = bareAnswers(facts);
      const fresh = machines.get(host);
      if (fresh === undefined) return [host, bare];
      const answers = Object.entries(bare['os'] ?? {}).map(([key, answer]) => [
        key,
        { ...(answer as JsonObject), ...fresh },
      ]);
      return [host, { ...bare, os: Object.fromEntries(answers) as HostAnswers[string] }];
    }),
  );
}
