import { type Cluster, type Host, type HostKind, kindOf } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { CLUSTER, type Fact, type Facts } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Phase, PhaseContext, PhaseResource } from '#core/phase.ts';
import type { PhaseRef } from '#core/resource.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Workflow } from '#core/workflow.ts';

import { Gates } from './gates.ts';

/** Which hosts, and which phases of a workflow, something is about. */
export interface Selection {
  /** Names of hosts; absent: all. */
  readonly limit?: readonly string[] | undefined;
  /** Names of phases; absent: all. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

export interface GraphOptions extends Selection {
  readonly cluster: Cluster;
  readonly workflow: Workflow;
  /** The control plane that CLUSTER stands for; absent: the one that the workflow prefers. */
  readonly clusterHost?: string | undefined;
  readonly artifacts: PhaseContext['artifacts'];
}

/**
 * Makes the nodes of a workflow on all hosts. Within a phase, each resource waits for the one before it. A phase waits
 * only for the phases it names; where one of those is left out or empty, for what that one waits for.
 *
 * @throws {SlipwayError} when a host or a phase is named that does not exist.
 */
export function buildGraph(options: GraphOptions): Graph {
  const { cluster, artifacts } = options;
  const { phases, order = (all: readonly Host[]) => all } = options.workflow;
  const clusterHost = options.clusterHost ?? preferredSpeaker(options);
  const chosen = new Set(chosenPhases(options.workflow, options));
  refuseUnknownHosts(cluster, options.limit);
  const hosts = chosenOf(cluster.hosts, options.limit);
  const kinds = kindsOf(hosts);
  const contextsOf = (all: readonly Host[]): readonly PhaseContext[] =>
    order(all).map((host) => ({ cluster, host, artifacts, isClusterHost: host.name === clusterHost }));
  const leaving = chosenOf(cluster.leaving, options.limit);
  const staying = contextsOf(hosts);
  const contexts = { staying, leaving: contextsOf(leaving), all: staying };
  if (leaving.length > 0) contexts.all = contextsOf([...hosts, ...leaving]);
  const bind = binder(clusterHost);
  const nodes: GraphNode[] = [];
  const exits: Exits = new Map();
  for (const phase of phases) {
    const resourcesOf = chosen.has(phase) ? tableOf(phase, options, kinds) : () => [];
    const exitsHere = new Map<string, readonly string[]>();
    exits.set(phase.name, exitsHere);
    const together = chosen.has(phase) ? (phase.together?.({ cluster, artifacts }) ?? []) : [];
    const gates = new Gates(together, { phase: phase.name, clusterHost, bind });
    const begin = nodes.length;
    for (const context of contexts[phase.hosts ?? 'staying']) {
      const { host } = context;
      const entries = exitsOf(phase.needs(context), { host: host.name, clusterHost }, exits);
      const table = resourcesOf(context);
      const gated = table.length === 0 ? entries : gates.entriesOf(host.name, entries);
      const last = chain({ phase, host, entries: gated, table, bind }, nodes);
      exitsHere.set(host.name, last.length === 0 ? entries : last);
      if (last.length > 0) gates.leave(host.name, last);
    }
    nodes.splice(begin, 0, ...gates.before());
    nodes.push(...gates.after());
  }
  if (chosen.size === phases.length)
    refuseUnknownAddresses(nodes, new Set([...oneOfEach(kinds), clusterHost]));
  return {
    phases: [...chosen].map(({ name }) => name),
    nodes,
    clusterHost,
    controlPlanes: cluster.hosts.flatMap(({ name, role }) => (role === 'control-plane' ? [name] : [])),
    secrets: phases
      .flatMap((phase) => phase.secrets?.(cluster) ?? [])
      .map((source) => ('host' in source ? { ...source, host: bind.host(source.host) } : source)),
  };
}

/** The control plane that a workflow asks first about the cluster. */
export function preferredSpeaker({ workflow, cluster }: Pick<GraphOptions, 'workflow' | 'cluster'>): string {
  const [preferred] = workflow.speaker.candidates(cluster);
  if (preferred === undefined) throw new TypeError(`nobody speaks for the cluster ${cluster.name}`);
  return preferred;
}

/** Puts a host in the place of CLUSTER. */
interface Binder {
  readonly host: (name: string) => string;
  readonly facts: (facts: Facts) => Facts;
}

/** Facts that several hosts share are bound once, and stay shared. */
export function binder(clusterHost: string): Binder {
  const bound = new Map<Facts, Facts>();
  const host = (name: string): string => (name === CLUSTER ? clusterHost : name);
  const facts = (wanted: Facts): Facts => {
    if (!asksCluster(wanted)) return wanted;
    const known = bound.get(wanted);
    if (known !== undefined) return known;
    const result = Object.fromEntries(
      Object.entries(wanted).map(([name, fact]) => [
        name,
        fact.host === undefined ? fact : { ...fact, host: host(fact.host) },
      ]),
    );
    bound.set(wanted, result);
    return result;
  };
  return { host, facts };
}

/** The nodes without those of their questions that hosts which cannot be reached would be asked, and that they can do without. */
export function withoutAway(nodes: readonly GraphNode[], away: ReadonlySet<string>): readonly GraphNode[] {
  if (away.size === 0) return nodes;
  const isLeft = ({ isOptional, host = '' }: Fact): boolean => isOptional !== true || !away.has(host);
  return nodes.map((node) => {
    const facts = Object.entries<Fact>(node.facts);
    return facts.every(([, fact]) => isLeft(fact))
      ? node
      : { ...node, facts: Object.fromEntries(facts.filter(([, fact]) => isLeft(fact))) };
  });
}

/** Every node is looked at: nothing is allocated for those that ask their own host. */
function asksCluster(facts: Facts): boolean {
  for (const name in facts) if (facts[name]?.host === CLUSTER) return true;
  return false;
}

/** With a mistyped address in `restartOn`, the restart would never come. Hosts of one kind have the same addresses, but for the one that speaks for the cluster. */
function refuseUnknownAddresses(all: readonly GraphNode[], hosts: ReadonlySet<string>): void {
  const nodes = all.filter(({ host }) => hosts.has(host));
  const known = new Set(nodes.map(({ address, runsOn }) => `${runsOn} ${address}`));
  for (const { id, runsOn, resource } of nodes) {
    const unknown = resource.restartOn.find((address) => !known.has(`${runsOn} ${address}`));
    if (unknown !== undefined)
      throw new TypeError(`${id}: restartOn names ${unknown}, which ${runsOn} has not`);
  }
}

type Kinds = ReadonlyMap<Host, HostKind>;

/** The kind of each host; hosts of the same kind share one object. */
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

/** The name of one host of each kind. */
const oneOfEach = (kinds: Kinds): Iterable<string> =>
  new Map([...kinds].map(([{ name }, kind]) => [kind, name])).values();

/** A phase's resources on each host; what is common to a kind is made once. */
function tableOf(
  { common = () => [], resources = (_context, shared) => shared, forCluster = () => [] }: Phase,
  { cluster, artifacts }: GraphOptions,
  kinds: Kinds,
): (context: PhaseContext) => readonly PhaseResource[] {
  const shared = new Map(
    [...new Set(kinds.values())].map((kind) => [kind, common({ cluster, host: kind, artifacts })]),
  );
  return (context) => {
    const own = resources(context, shared.get(kinds.get(context.host)!) ?? []);
    return context.isClusterHost ? [...own, ...forCluster({ cluster, artifacts })] : own;
  };
}

interface Link {
  readonly phase: Phase;
  readonly host: Host;
  readonly table: readonly PhaseResource[];
  /** What the first waits for. */
  readonly entries: readonly string[];
  readonly bind: Binder;
}

/**
 * Adds a phase's resources on one host, each after the one before it, or after what that one waits for where it stands beside it.
 *
 * @returns the ids of the last: of those that stand beside one another.
 */
function chain({ phase, host, table, entries, bind }: Link, nodes: GraphNode[]): readonly string[] {
  let needs = entries;
  let last: readonly string[] = [];
  const place = `${host.name}/${phase.name}/`;
  for (const entry of table) {
    const resource = 'resource' in entry ? entry.resource : entry;
    if (resource.isBeside !== true && last.length > 0) {
      needs = last;
      last = [];
    }
    // Without a spread: there are a hundred of these on each host.
    const node = {
      id: place + resource.address,
      host: host.name,
      runsOn: 'runsOn' in entry ? bind.host(entry.runsOn) : host.name,
      phase: phase.name,
      address: resource.address,
      resource,
      facts: bind.facts(resource.facts),
      needs,
    };
    // Not pushed: a list that grows takes room for 17, and these are kept.
    last = last.length === 0 ? [node.id] : [...last, node.id];
    nodes.push('isWithoutHost' in entry ? { ...node, isWithoutHost: true } : node);
  }
  return last;
}

/** By phase and host, the ids of the last nodes; where a phase has none there, those of the phases it needs. */
type Exits = Map<string, ReadonlyMap<string, readonly string[]>>;

function exitsOf(
  needs: readonly (string | PhaseRef)[],
  { host, clusterHost }: { readonly host: string; readonly clusterHost: string },
  exits: Exits,
): readonly string[] {
  const exitOf = (need: string | PhaseRef): readonly string[] => {
    const reference = typeof need === 'string' ? { host, phase: need } : need;
    return exits.get(reference.phase)?.get(reference.host === CLUSTER ? clusterHost : reference.host) ?? [];
  };
  const [first] = needs;
  if (first === undefined) return [];
  if (needs.length === 1) return exitOf(first);
  const ids = new Set<string>();
  for (const need of needs) for (const id of exitOf(need)) ids.add(id);
  return [...ids];
}

/**
 * The phases that a run is about.
 *
 * @throws {SlipwayError} when one is named that does not exist.
 */
export function chosenPhases({ phases }: Workflow, { only, skip }: Selection): readonly Phase[] {
  const names = phases.map(({ name }) => name);
  for (const name of [...(only ?? []), ...(skip ?? [])]) {
    if (!names.includes(name)) throw unknownName('phase', name, names);
  }
  return phases.filter(({ name }) => (only?.includes(name) ?? true) && !skip?.includes(name));
}

function refuseUnknownHosts({ hosts, leaving }: Cluster, limit: readonly string[] = []): void {
  const names = new Set([...hosts, ...leaving].map(({ name }) => name));
  for (const name of limit) {
    if (!names.has(name)) throw unknownName('host', name, [...names]);
  }
}

function chosenOf(hosts: readonly Host[], limit: readonly string[] | undefined): readonly Host[] {
  if (limit === undefined) return hosts;
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
