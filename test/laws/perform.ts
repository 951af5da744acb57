import { changeIn, type Forecast, type Outcome, type Resource } from '#core/resource.ts';
import { breachOf } from '#engine/breach.ts';

import { type HostModel, outcomeOf } from './host-model.ts';
import { actionsOf } from './host-steps.ts';

export interface Performed {
  readonly answers: readonly Outcome['answer'][];
  /** How many forecasts of the plan have come to a decision. */
  readonly foretold: number;
  /** What was decided otherwise than the plan had foretold. */
  readonly breaches: readonly string[];
  /** How many actions were taken. */
  readonly taken: number;
}

/**
 * Applies resources in their order, each on what those before it have left; cut off after as many actions as given.
 * What waits only for a change of this run is asked again once that is made, as a run does.
 */
export function perform(model: HostModel, resources: readonly Resource[], actions = Infinity): Performed {
  const forecasts = forecastsOf(model, resources);
  const changed = new Set<string>();
  const answers: Outcome['answer'][] = [];
  const breaches: string[] = [];
  let taken = 0;
  let foretold = 0;
  for (const resource of resources) {
    const causes = resource.restartOn.filter((address) => changed.has(address));
    const first = outcomeOf(model, resource, causes);
    const outcome = first.answer === 'deferred' && causes.length > 0 ? outcomeOf(model, resource) : first;
    answers.push(outcome.answer);
    const forecast = forecasts.get(resource);
    if (forecast !== undefined && (outcome.answer === 'change' || outcome.answer === 'none')) {
      foretold += 1;
      const breach = breachOf(forecast, outcome);
      if (breach !== undefined) breaches.push(`${resource.address}: ${breach}`);
    }
    if (outcome.answer !== 'change') continue;
    changed.add(resource.address);
    for (const action of outcome.steps.flatMap(actionsOf)) {
      if (taken >= actions) return { answers, taken, foretold, breaches };
      taken += 1;
      model.now += 1;
      action(model);
    }
  }
  return { answers, taken, foretold, breaches };
}

/** What a plan that is made before anything is done says of resources that it cannot decide yet. */
function forecastsOf(model: HostModel, resources: readonly Resource[]): ReadonlyMap<Resource, Forecast> {
  const pending = new Set<string>();
  const files = new Map<string, string>();
  return new Map(
    resources.flatMap((resource) => {
      const causes = resource.restartOn.filter((address) => pending.has(address));
      const outcome = outcomeOf(model, resource, causes, (path) => files.get(path));
      if (outcome.answer === 'change' || outcome.answer === 'deferred') pending.add(resource.address);
      for (const step of changeIn(outcome)?.steps ?? [])
        if (step.do === 'write' && typeof step.content === 'string') files.set(step.path, step.content);
      return outcome.answer === 'deferred' && outcome.forecast !== undefined
        ? [[resource, outcome.forecast] as const]
        : [];
    }),
  );
}

/** Resources that wait for others, or for a person, have nothing to prove. */
export const isOwnWork = ({ answers }: Performed): boolean =>
  answers.every((answer) => answer === 'change' || answer === 'none');
