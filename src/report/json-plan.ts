import type { Json } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';

/** A plan as a file: the same bytes for the same plan, and pleasant in a code review. */
export const renderJsonPlan = (plan: Plan): string => prettyJson(plan as unknown as Json);

/** JSON with sorted keys, two spaces and a newline at the end. */
export const prettyJson = (value: Json): string => `${JSON.stringify(value, sortMembers, 2)}\n`;

const sortMembers = (_key: string, member: Json): Json =>
  isMap(member) ? Object.fromEntries(Object.entries(member).toSorted(byKey)) : member;

const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const byKey = ([left]: readonly [string, Json], [right]: readonly [string, Json]): number =>
  left < right ? -1 : 1;
