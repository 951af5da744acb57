import type { Json } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';
import { prettyJsonPieces } from '#report/text/pretty-json.ts';

/** A plan as a file: the same bytes for the same plan, and pleasant in a code review. */
export const renderJsonPlan = (plan: Plan): Iterable<string> => prettyJsonPieces(plan as unknown as Json);
