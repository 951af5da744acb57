import type { Outcome, Resource } from '#core/resource.ts';

import { type HostModel, outcomeOf } from './host-model.ts';
import { actionsOf } from './host-steps.ts';

export interface Performed {
  readonly answers: readonly Outcome['answer'][];
  /** How many actions were taken. */
  readonly taken: number;
}

/**
 * Applies resources in their order, each on what those before it have left; cut off after as many actions as given.
 * What waits only for a change of this run is asked again once that is made, as a run does.
 */
export function perform(model: HostModel, resources: readonly Resource[], actions = Infinity): Performed {
  const changed = new Set<string>();
  const answers: Outcome['answer'][] = [];
  let taken = 0;
  for (const resource of resources) {
    const causes = resource.restartOn.filter((address) => changed.has(address));
    const first = outcomeOf(model, resource, causes);
    const outcome = first.answer === 'deferred' && causes.length > 0 ? outcomeOf(model, resource) : first;
    answers.push(outcome.answer);
    if (outcome.answer !== 'change') continue;
    changed.add(resource.address);
    for (const action of outcome.steps.flatMap(actionsOf)) {
      if (taken >= actions) return { answers, taken };
      taken += 1;
      model.now += 1;
      action(model);
    }
  }
  return { answers, taken };
}

/** Resources that wait for others, or for a person, have nothing to prove. */
export const isOwnWork = ({ answers }: Performed): boolean =>
  answers.every((answer) => answer === 'change' || answer === 'none');
