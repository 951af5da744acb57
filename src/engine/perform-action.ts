import type { Action, ActionOutcome } from '#core/action.ts';
import { CLUSTER } from '#core/fact.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Step } from '#core/step.ts';

import { binder } from './build-graph.ts';
import { answersFor } from './decide.ts';
import { observe } from './observe.ts';
import { SecretVault } from './secret-vault.ts';
import type { Session } from './session.ts';
import { takeSteps } from './take-steps.ts';
import { Visits } from './visits.ts';

/** What an action would do, and where: data to be shown before it is done. */
export interface PlannedAction {
  /** The action's. */
  readonly name: string;
  /** The host that it runs on: where the action says CLUSTER, a control plane that answers. */
  readonly host: string;
  readonly outcome: ActionOutcome;
}

/** Asks what an action needs to know, and lets it decide. */
export async function planAction(action: Action<unknown>, session: Session): Promise<PlannedAction> {
  const { name, facts } = action;
  const hosts = [action.runsOn, ...Object.values(facts).flatMap(({ host }) => host ?? [])];
  const bind = binder(hosts.includes(CLUSTER) ? await session.looker.speaker() : '');
  const node = { id: name, runsOn: bind.host(action.runsOn), facts: bind.facts(facts) };
  const answers = await observe([node], async (host, asked) =>
    session.options.observe(await session.connections.to(host)).ask(asked),
  );
  const host = node.runsOn;
  return { name, host, outcome: action.decide(answersFor(node, answers), { host }) };
}

/**
 * Does what was planned for an action, and returns its result.
 *
 * @throws {SlipwayError} when the action refuses, or a step fails.
 */
export async function performAction<Result>(
  action: Action<Result>,
  { name, host, outcome }: PlannedAction,
  session: Session,
): Promise<Result> {
  if (outcome.answer === 'refused') {
    throw new SlipwayError(outcome.why, { code: outcome.check, host, hint: outcome.hint });
  }
  return action.read(await takeActionSteps({ name, host, steps: outcome.steps }, session));
}

/**
 * Takes steps on a host, and returns what they printed. It is their result, and may be secret: no reporter is told.
 *
 * @throws {SlipwayError} when one fails.
 */
export async function takeActionSteps(
  { name, host, steps }: Pick<PlannedAction, 'name' | 'host'> & { readonly steps: readonly Step[] },
  { options, connections }: Session,
): Promise<string> {
  const place = { id: `${host}/${name}`, host, runsOn: host, phase: name, address: name };
  const { printed } = await takeSteps(place, steps, {
    ...options,
    visits: new Visits({ ...options, connections }),
    vault: new SecretVault([], (source) => connections.to(source)),
    listener: () => undefined,
  });
  return printed;
}
