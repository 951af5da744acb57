import type { Cluster, Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Phase, PhaseContext } from '#core/phase.ts';
import type { PhaseRef } from '#core/resource.ts';
import { SlipwayError } from '#core/slipway-error.ts';

export interface GraphOptions {
  readonly cluster: Cluster;
  /** Phases in their order: each stands after those it needs. */
  readonly workflow: readonly Phase[];
  readonly artifacts: PhaseContext['artifacts'];
  /** Names of hosts; absent: all. */
  readonly limit?: readonly string[] | undefined;
  /** Names of phases; absent: all. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

/**
 * Lays the workflow out over the hosts. Within a phase resources follow one another; a phase waits only for
 * the phases it names, through those that are left out or empty.
 *
 * @throws {SlipwayError} when a host or a phase is named that there is not.
 */
export function buildGraph(options: GraphOptions): Graph {
  const { cluster, workflow, artifacts } = options;
  const chosen = chosenPhases(workflow, options);
  const hosts = chosenHosts(cluster, options.limit);
  const nodes: GraphNode[] = [];
  const exits = new Map<string, readonly string[]>();
  for (const phase of workflow) {
    for (const host of hosts) {
      const context = { cluster, host, artifacts };
      const entries = exitsOf(phase.needs(context), host.name, exits);
      const added = chosen.has(phase.name) ? chain(phase, context, entries) : [];
      nodes.push(...added);
      const last = added.at(-1);
      exits.set(`${host.name}/${phase.name}`, last === undefined ? entries : [last.id]);
    }
  }
  return {
    phases: workflow.map(({ name }) => name).filter((name) => chosen.has(name)),
    nodes,
    secrets: workflow.flatMap((phase) => phase.secrets?.(cluster) ?? []),
  };
}

/** A phase's resources on one host, each after the one before it. */
function chain(phase: Phase, context: PhaseContext, entries: readonly string[]): readonly GraphNode[] {
  const host = context.host.name;
  let needs = entries;
  return phase.resources(context).map((entry) => {
    const { resource, runsOn } = 'resource' in entry ? entry : { resource: entry, runsOn: host };
    const node = {
      id: `${host}/${phase.name}/${resource.address}`,
      host,
      runsOn,
      phase: phase.name,
      resource,
      needs,
    };
    needs = [node.id];
    return node;
  });
}

function exitsOf(
  needs: readonly (string | PhaseRef)[],
  host: string,
  exits: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const ids = needs.flatMap((need) => {
    const reference = typeof need === 'string' ? { host, phase: need } : need;
    return exits.get(`${reference.host}/${reference.phase}`) ?? [];
  });
  return [...new Set(ids)];
}

function chosenPhases(workflow: readonly Phase[], { only, skip }: GraphOptions): ReadonlySet<string> {
  const names = workflow.map(({ name }) => name);
  for (const name of [...(only ?? []), ...(skip ?? [])]) {
    if (!names.includes(name)) throw unknownName('phase', name, names);
  }
  return new Set(names.filter((name) => (only?.includes(name) ?? true) && !skip?.includes(name)));
}

function chosenHosts(cluster: Cluster, limit: readonly string[] | undefined): readonly Host[] {
  const names = cluster.hosts.map(({ name }) => name);
  for (const name of limit ?? []) {
    if (!names.includes(name)) throw unknownName('host', name, names);
  }
  return cluster.hosts.filter(({ name }) => limit?.includes(name) ?? true);
}

function unknownName(kind: string, name: string, known: readonly string[]): SlipwayError {
  return new SlipwayError(`there is no ${kind} "${name}"`, {
    code: `unknown-${kind}`,
    hint: `the ${kind}s are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', ...' : ''}`,
    exitCode: EXIT.usage,
  });
}
