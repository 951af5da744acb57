/**
 * Tests of an inventory, without a host: what would be planned on freshly installed machines, or on facts that were
 * recorded with `slipway facts --out FILE`. It goes with any test runner.
 *
 * ```ts
 * const plan = await planInventory('inventory.yaml', { facts: 'facts.json' });
 * expect(planText(plan)).toMatchSnapshot();
 * expect(plannedEffects(plan)).toEqual([]);
 * ```
 */
import { readFile } from 'node:fs/promises';

import { effectsOf, type PlannedEffect } from '#core/effects.ts';
import type { Environment } from '#core/environment.ts';
import type { Answers } from '#core/fact.ts';
import { isJsonObject, type Json, stableJson } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';
import type { Outcome } from '#core/resource.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';
import { openSlipway, type SlipwayOptions } from '#slipway.ts';

export type { Effect, PlannedEffect } from '#core/effects.ts';
export type { Answers } from '#core/fact.ts';
export type { Plan, PlanNode } from '#core/plan.ts';
export type { Outcome } from '#core/resource.ts';

export interface PlanInventoryOptions extends Pick<SlipwayOptions, 'limit' | 'only' | 'skip' | 'workflow'> {
  /** A file that `slipway facts --out` wrote, or its content; default: freshly installed machines. */
  readonly facts?: string | Answers;
  /** What `${NAME}` of the inventory refers to; default: nothing but HOME. */
  readonly env?: Environment;
  /** Where manifests and keys lie that an earlier run has fetched; default: nowhere, so that plans are the same everywhere. */
  readonly cacheDirectory?: string;
}

/** What would be planned. No host is connected to, nothing is fetched, and passwords are not read. */
export async function planInventory(
  path: string | readonly string[],
  options: PlanInventoryOptions = {},
): Promise<Plan> {
  const { facts, env = { HOME: '/root' }, cacheDirectory = '/nonexistent', ...selection } = options;
  const answers = typeof facts === 'string' ? (JSON.parse(await readFile(facts, 'utf8')) as Answers) : facts;
  const slipway = await openSlipway(path, {
    ...selection,
    env,
    cacheDirectory,
    secrets: 'skip',
    warn: () => undefined,
  });
  return slipway.offlinePlan(answers);
}

/** The plan as `slipway plan` prints it, for a snapshot. */
export const planText = (plan: Plan): string =>
  renderTextPlan(plan, { color: false, verbose: false, width: 100 });

/** All that a plan restarts, drains, replaces and destroys. */
export const plannedEffects = ({ nodes }: Plan): readonly PlannedEffect[] => nodes.flatMap(effectsOf);

/**
 * What is planned for one resource of a host.
 *
 * @throws {TypeError} when the plan has no such resource.
 */
export function outcomeOf({ nodes }: Plan, host: string, address: string): Outcome {
  const found = nodes.find((node) => node.host === host && node.address === address);
  if (found !== undefined) return found.outcome;
  const own = nodes.flatMap((node) => (node.host === host ? [node.address] : []));
  throw new TypeError(`the plan has no ${address} on ${host}; it has ${own.join(', ') || 'nothing there'}`);
}

/**
 * The same facts with another answer: what would be planned if a host were different.
 *
 * @param question as `slipway facts` prints it, read as JSON.
 * @param answer where it has members, in place of those of the same names.
 * @throws {TypeError} when nobody asks that.
 */
export function withAnswer(
  facts: Answers,
  host: string,
  family: string,
  question: Json,
  answer: Json,
): Answers {
  const [key, asked] = [stableJson(question), facts[host]?.[family]];
  const before = asked?.[key];
  if (before === undefined) throw new TypeError(`nobody asks ${host} for ${family} ${key}`);
  const after = isJsonObject(before) && isJsonObject(answer) ? { ...before, ...answer } : answer;
  return { ...facts, [host]: { ...facts[host], [family]: { ...asked, [key]: after } } };
}
