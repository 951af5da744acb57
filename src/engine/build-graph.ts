import { type Cluster, type Host, type HostKind, kindOf } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Phase, PhaseContext, PhaseResource } from '#core/phase.ts';
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
  const kinds = kindsOf(hosts);
  const nodes: GraphNode[] = [];
  const exits: Exits = new Map();
  for (const phase of workflow) {
    const resourcesOf = chosen.has(phase.name) ? tableOf(phase, options, kinds) : () => [];
    const exitsHere = new Map<string, readonly string[]>();
    exits.set(phase.name, exitsHere);
    for (const host of hosts) {
      const entries = exitsOf(phase.needs({ cluster, host, artifacts }), host.name, exits);
      const last = chain({ phase, host, entries, table: resourcesOf(host) }, nodes);
      exitsHere.set(host.name, last === undefined ? entries : [last.id]);
    }
  }
  return {
    phases: workflow.map(({ name }) => name).filter((name) => chosen.has(name)),
    nodes,
    secrets: workflow.flatMap((phase) => phase.secrets?.(cluster) ?? []),
  };
}

type Kinds = ReadonlyMap<Host, HostKind>;

/** The kind of each host; one object for all hosts that are of it. */
function kindsOf(hosts: readonly Host[]): Kinds {
  const known = new Map<string, HostKind>();
  return new Map(
    hosts.map((host) => {
      const kind = kindOf(host);
      const key = JSON.stringify(kind);
      const one = known.get(key) ?? kind;
      known.set(key, one);
      return [host, one];
    }),
  );
}

/** A phase's resources on each host; what is common to a kind is made once. */
function tableOf(
  { common = () => [], resources = (_context, shared) => shared }: Phase,
  { cluster, artifacts }: GraphOptions,
  kinds: Kinds,
): (host: Host) => readonly PhaseResource[] {
  const shared = new Map(
    [...new Set(kinds.values())].map((kind) => [kind, common({ cluster, host: kind, artifacts })]),
  );
  return (host) => resources({ cluster, host, artifacts }, shared.get(kinds.get(host)!) ?? []);
}

interface Link {
  readonly phase: Phase;
  readonly host: Host;
  readonly table: readonly PhaseResource[];
  /** What the first waits for. */
  readonly entries: readonly string[];
}

/** Adds a phase's resources on one host, each after the one before it. @returns the last of them. */
function chain({ phase, host, table, entries }: Link, nodes: GraphNode[]): GraphNode | undefined {
  let last: GraphNode | undefined;
  for (const entry of table) {
    const { resource, runsOn } = 'resource' in entry ? entry : { resource: entry, runsOn: host.name };
    last = {
      id: `${host.name}/${phase.name}/${resource.address}`,
      host: host.name,
      runsOn,
      phase: phase.name,
      resource,
      needs: last === undefined ? entries : [last.id],
    };
    nodes.push(last);
  }
  return last;
}

/** The last nodes of a phase on a host, or where there are none, of what it needs: phase, then host, to ids. */
type Exits = Map<string, ReadonlyMap<string, readonly string[]>>;

function exitsOf(needs: readonly (string | PhaseRef)[], host: string, exits: Exits): readonly string[] {
  const found = needs.map((need) => {
    const reference = typeof need === 'string' ? { host, phase: need } : need;
    return exits.get(reference.phase)?.get(reference.host) ?? [];
  });
  const [only = []] = found;
  return found.length <= 1 ? only : [...new Set(found.flat())];
}

function chosenPhases(workflow: readonly Phase[], { only, skip }: GraphOptions): ReadonlySet<string> {
  const names = workflow.map(({ name }) => name);
  for (const name of [...(only ?? []), ...(skip ?? [])]) {
    if (!names.includes(name)) throw unknownName('phase', name, names);
  }
  return new Set(names.filter((name) => (only?.includes(name) ?? true) && !skip?.includes(name)));
}

function chosenHosts({ hosts }: Cluster, limit: readonly string[] | undefined): readonly Host[] {
  if (limit === undefined) return hosts;
  const names = new Set(hosts.map(({ name }) => name));
  for (const name of limit) {
    if (!names.has(name)) throw unknownName('host', name, [...names]);
  }
  const wanted = new Set(limit);
  return hosts.filter(({ name }) => wanted.has(name));
}

function unknownName(kind: string, name: string, known: readonly string[]): SlipwayError {
  return new SlipwayError(`there is no ${kind} "${name}"`, {
    code: `unknown-${kind}`,
    hint: `the ${kind}s are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', ...' : ''}`,
    exitCode: EXIT.usage,
  });
}
