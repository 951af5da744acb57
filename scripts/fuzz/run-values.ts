import type { Plan } from '#core/plan.ts';
import { Secret } from '#core/secret.ts';
import type { Step } from '#core/step.ts';
import { stepScript } from '#engine/step-script.ts';

import { CANARIES } from './nasty-texts.ts';
import { canariesOf, hasSandbox } from './sandbox.ts';

const isRunnable = hasSandbox();

/** Takes each step of a plan that a strange value is in, where it does no harm: nothing of the value may be run. */
export function runValues({ nodes }: Pick<Plan, 'nodes'>): readonly string[] {
  if (!isRunnable) return [];
  const steps = nodes
    .flatMap(({ outcome }) => (outcome.answer === 'change' ? outcome.steps : []))
    .filter((step) => JSON.stringify(step).includes(CANARIES));
  if (steps.length === 0) return [];
  return canariesOf(steps.map(scriptOf).join('\n')).map((name) => `a value was run: ${name}`);
}

/** In a shell of its own, so that the next one is taken whatever becomes of it. */
function scriptOf(step: Step): string {
  const secrets = { get: () => new Secret('secret') } as unknown as ReadonlyMap<string, Secret>;
  const files = { get: () => '' } as unknown as ReadonlyMap<string, string>;
  return `(\n${stepScript([step], 'step', secrets, files)}\n)`;
}
