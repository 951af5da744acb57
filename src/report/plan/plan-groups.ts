import type { Plan, PlanNode } from '#core/plan.ts';
import { changeIn, type Deferred, type Outcome } from '#core/resource.ts';
import { type Alike, groupAlike } from '#report/text/group-alike.ts';

/** Hosts on which the same resources change in the same way. */
export interface HostGroup {
  readonly hosts: readonly string[];
  readonly entries: readonly GroupEntry[];
}

/** A resource on every host of a group. */
export interface GroupEntry {
  readonly phase: string;
  /** The address, and where its steps run when that is another host. */
  readonly name: string;
  /** One where all hosts have the same outcome, but for their own names. */
  readonly variants: readonly Alike<OwnOutcome>[];
}

/** An outcome as its host sees it: another host is named, itself is null. */
export type OwnOutcome = Exclude<Outcome, Deferred> | OwnDeferred;

export type OwnDeferred = Omit<Deferred, 'waitsFor'> & {
  readonly waitsFor: { readonly phase: string; readonly host: string | null };
};

/**
 * Puts hosts together whose plans have the same form: the same resources with the same answers and the same
 * things differing. Values may vary, and are kept apart as variants, so nothing is hidden by grouping.
 */
export function groupHosts({ hosts: all, nodes }: Plan): readonly HostGroup[] {
  const byHost = Map.groupBy(nodes, ({ host }) => host);
  const reachable = all.map(({ name }) => name).filter((name) => byHost.has(name));
  const forms = reachable.map((host) => ({ host, value: formOf(byHost.get(host) ?? []) }));
  return groupAlike(forms).map(({ hosts, value: form }) => {
    const columns = hosts.map((host) => byHost.get(host) ?? []);
    const [addresses = []] = Object.values(form);
    // All columns of a group have the same resources at the same places.
    const entries = addresses.flatMap((address, index) =>
      entryOf(
        address,
        columns.flatMap((column) => column[index] ?? []),
      ),
    );
    return { hosts, entries };
  });
}

function entryOf(address: string, nodes: readonly PlanNode[]): readonly GroupEntry[] {
  return nodes.slice(0, 1).map(({ phase, host, runsOn }) => ({
    phase,
    name: runsOn === host ? address : `${address} (on ${runsOn})`,
    variants: groupAlike(nodes.map((node) => ({ host: node.host, value: ownOutcome(node) }))),
  }));
}

/** The addresses, under a key of all else that hosts of a group have in common. */
function formOf(nodes: readonly PlanNode[]): Readonly<Record<string, readonly string[]>> {
  const forms = nodes.map(({ phase, host, runsOn, outcome }) => {
    const differences = changeIn(outcome)?.differences ?? [];
    const differing = differences.map(({ what, from, to }) => [what, from === null, to === null]);
    return [phase, runsOn === host ? null : runsOn, outcome.answer, differing];
  });
  return { [JSON.stringify(forms)]: nodes.map(({ address }) => address) };
}

function ownOutcome({ host, outcome }: PlanNode): OwnOutcome {
  if (outcome.answer !== 'deferred' || outcome.waitsFor.host !== host) return outcome;
  return { ...outcome, waitsFor: { ...outcome.waitsFor, host: null } };
}
