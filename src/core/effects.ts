import { EXIT } from './exit-code.ts';
import type { Plan, PlanNode } from './plan.ts';
import { changeIn } from './resource.ts';
import { SlipwayError } from './slipway-error.ts';

/** What a plan does to what is there and in use: what a person, or a policy, may object to. */
export const EFFECTS = ['restart', 'drain', 'replace', 'destroy'] as const;

export type Effect = (typeof EFFECTS)[number];

export interface PlannedEffect {
  readonly effect: Effect;
  /** A unit, a node, a file, or the name of what is lost. */
  readonly what: string;
  /** Where the steps run. */
  readonly host: string;
}

/** Of one node of a plan. */
export function effectsOf({ runsOn: host, outcome }: PlanNode): readonly PlannedEffect[] {
  const change = changeIn(outcome);
  if (change === undefined) return [];
  const { restarts = [], effects = {} } = change;
  const { drains = [], replaces = [], destroys = [] } = effects;
  return [
    ...restarts.map((what) => ({ effect: 'restart' as const, what, host })),
    ...drains.map((what) => ({ effect: 'drain' as const, what, host })),
    ...replaces.map((what) => ({ effect: 'replace' as const, what, host })),
    ...destroys.map((what) => ({ effect: 'destroy' as const, what, host })),
  ];
}

/** Names of the hosts, or of the nodes, that what is there and in use is changed on. */
export const disruptedHosts = ({ nodes }: Pick<Plan, 'nodes'>): ReadonlySet<string> =>
  new Set(nodes.flatMap((node) => effectsOf(node).map((planned) => nodeOf(planned, node))));

/** The node that an effect is felt on: the cluster is asked for a drain, and another host for a removal. */
export const nodeOf = ({ effect, host }: PlannedEffect, node: Pick<PlanNode, 'host'>): string =>
  effect === 'drain' || effect === 'destroy' ? node.host : host;

/** Names of all that is lost for good. */
export const destroyedBy = ({ nodes }: Pick<Plan, 'nodes'>): readonly string[] => [
  ...new Set(
    nodes.flatMap((node) =>
      effectsOf(node).flatMap(({ effect, what }) => (effect === 'destroy' ? [what] : [])),
    ),
  ),
];

/** How many of each effect are named in an error. */
const NAMED = 5;

/**
 * Refuses a plan that does what must not be done.
 *
 * @param forbidden by the policy of the inventory, or on the command line.
 * @throws {SlipwayError} with exit code 7.
 */
export function refuseEffects({ nodes }: Pick<Plan, 'nodes'>, forbidden: readonly Effect[]): void {
  const found = nodes.flatMap((node) => effectsOf(node)).filter(({ effect }) => forbidden.includes(effect));
  if (found.length === 0) return;
  const lines = [...Map.groupBy(found, ({ effect }) => effect)].map(([effect, same]) => {
    const names = [...new Set(same.map(({ what, host }) => (what === host ? what : `${what} on ${host}`)))];
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    return `  ${effect}: ${names.slice(0, NAMED).join(', ')}${more}`;
  });
  throw new SlipwayError(`the policy forbids what this plan does:\n${lines.join('\n')}`, {
    code: 'forbidden',
    exitCode: EXIT.forbidden,
    hint: 'do it when that is allowed, without policy.forbid in the inventory and without --fail-on; or leave those hosts or phases out',
  });
}
