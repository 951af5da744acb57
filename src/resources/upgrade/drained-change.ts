import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, DrainBefore, Host } from '#core/cluster.ts';
import { at, CLUSTER, type Fact, type Facts } from '#core/fact.ts';
import type { PhaseResource } from '#core/phase.ts';
import type { Daemon } from '#core/daemon.ts';
import {
  type Change,
  changeIn,
  type Deferred,
  deferred,
  gated,
  none,
  type Outcome,
  type Resource,
} from '#core/resource.ts';
import { type ApiNodes, apiNode, type NodeState } from '#facts/api.ts';
import { pathKind } from '#facts/path.ts';
import { drained, inService, uncordoned } from '#resources/cluster/drain.ts';
import { turnsOf } from '#resources/host/daemon.ts';

export interface DrainedChange {
  readonly cluster: Cluster;
  readonly host: Host;
  /** The phase that the resources are of. */
  readonly phase: string;
  readonly before: DrainBefore;
}

/**
 * Resources of a phase, with the node drained before those of a daemon, and back in service after them, where the inventory
 * wants that. Whether it is to be drained is what those resources say: they are asked, with their own answers.
 */
export function drainedAround(table: readonly Resource[], options: DrainedChange): readonly PhaseResource[] {
  const first = table.findIndex(({ daemon }) => daemon !== undefined);
  const last = table.findLastIndex(({ daemon }) => daemon !== undefined);
  const daemon = table[first]?.daemon;
  if (options.before === 'never' || daemon === undefined) return table;
  const changes = table.slice(first, last + 1);
  return [
    ...table.slice(0, first),
    onCluster(drainWhereDisturbed(changes, options), daemon),
    ...changes,
    onCluster(backAfter(changes, options), daemon),
    ...table.slice(last + 1),
  ];
}

/** Its turn begins with the drain and ends with the way back; there is nothing that a failed one would give back. */
const onCluster = (resource: Resource, daemon: Daemon): PhaseResource => ({
  resource: { ...resource, daemon: turnsOf(daemon) },
  runsOn: CLUSTER,
});

function drainWhereDisturbed(changes: readonly Resource[], options: DrainedChange): Resource {
  const { cluster, host } = options;
  const wanted = drained({ cluster, host, unless: null });
  return gated(wanted, factsOf(changes, host), (answers, _, decide) => {
    const node = nodeInService(answers, host);
    if (node === undefined) return none('it is no node that the cluster knows of');
    const found = disturbance(changes, answers, options);
    if (found === 'none') return none('nothing is to be changed that the node is drained for');
    return found === 'drain' ? takingTurn(decide()) : found;
  });
}

/** A host that is drained takes a turn, whatever else it does. */
const takingTurn = (outcome: Outcome): Outcome =>
  outcome.answer === 'change' ? { ...outcome, takesTurn: true } : outcome;

/** What a run that was cut off has left cordoned as well. */
function backAfter(changes: readonly Resource[], options: DrainedChange): Resource {
  const { cluster, host, phase } = options;
  return gated(inService(cluster, host), factsOf(changes, host), (answers, _, decide) => {
    const node = nodeInService(answers, host);
    if (node === undefined) return none('it is no node that the cluster knows of');
    const found = disturbance(changes, answers, options);
    if (found === 'none') return decide();
    // Decided now: the API server may be away for a moment when it is this node's turn.
    return found === 'drain' ? uncordoned(host, node) : deferred({ host: host.name, phase }, found.why);
  });
}

/** Questions of the changes, each under a name of its own, to the host itself. */
const factsOf = (changes: readonly Resource[], { name: host }: Host): Facts => ({
  'its kubelet': at(host, pathKind(KUBEADM_FILES.kubelet)),
  'the cluster': at(CLUSTER, apiNode(host)),
  ...Object.fromEntries(
    changes.flatMap((one, index) =>
      Object.entries<Fact>(one.facts).map(([name, fact]) => [
        `${index} ${name}`,
        fact.host === undefined ? at(host, fact) : fact,
      ]),
    ),
  ),
});

type GivenAnswers = Readonly<Record<string, unknown>>;

function nodeInService(answers: GivenAnswers, { name }: Host): NodeState | undefined {
  const api = answers['the cluster'] as ApiNodes;
  return answers['its kubelet'] === 'file' && api.state === 'ready' ? api.nodes[name] : undefined;
}

/** What changes do to a node: they are decided in their order, as the engine does it. */
function disturbance(
  changes: readonly Resource[],
  answers: GivenAnswers,
  { before, host }: DrainedChange,
): 'none' | 'drain' | Deferred {
  const changed = new Set<string>();
  for (const [index, one] of changes.entries()) {
    const own = Object.fromEntries(
      Object.keys(one.facts).map((name) => [name, answers[`${index} ${name}`]]),
    ) as never;
    const outcome = one.diff(own, {
      host: host.name,
      changed: one.restartOn.filter((address) => changed.has(address)),
    });
    const seen = changeIn(outcome);
    if (seen !== undefined && disturbs(seen, before)) return 'drain';
    // What waits for one of them is known by that one; the others wait for what comes before the drain.
    if (outcome.answer === 'deferred' && seen === undefined && changed.size === 0)
      return deferred(outcome.waitsFor, outcome.why);
    if (outcome.answer === 'change' || outcome.answer === 'deferred') changed.add(one.address);
  }
  return 'none';
}

/** A daemon that is waited for is not well: nothing would leave a node with such a one. */
const disturbs = ({ steps, restarts = [] }: Change, before: DrainBefore): boolean =>
  steps.length > 0 && (before === 'always' || restarts.length > 0);
