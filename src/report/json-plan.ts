import type { Json } from '#core/json.ts';
import { stableJson } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';

/** A plan as a file: the same bytes for the same plan, and pleasant in a code review. */
export const renderJsonPlan = (plan: Plan): string => prettyJson(plan as unknown as Json);

/** JSON with sorted keys, two spaces and a newline at the end. */
export const prettyJson = (value: Json): string =>
  `${JSON.stringify(JSON.parse(stableJson(value)), null, 2)}\n`;
