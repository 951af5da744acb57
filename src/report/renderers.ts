import type { Plan } from '#core/plan.ts';
import type { TextPlanOptions } from './plan/text-plan.ts';

/** In pieces where it may be longer than a string can be. */
type PlanRenderer = (plan: Plan, options: TextPlanOptions) => string | Iterable<string>;

/** Plans by the name of the format. A new format is a file and a line here; it is loaded when it is asked for. */
const PLAN_RENDERERS = {
  text: async () => (await import('./plan/text-plan.ts')).renderTextPlan,
  json: async () => (await import('./text/pretty-json.ts')).prettyJson,
  markdown: async () => (await import('./plan/markdown-plan.ts')).renderMarkdownPlan,
} satisfies Readonly<Record<string, () => Promise<PlanRenderer>>>;

export type PlanFormat = keyof typeof PLAN_RENDERERS;

export const PLAN_FORMATS = Object.keys(PLAN_RENDERERS) as readonly PlanFormat[];

export async function renderPlan(
  plan: Plan,
  format: PlanFormat,
  options: TextPlanOptions,
): Promise<Iterable<string>> {
  const render: PlanRenderer = await PLAN_RENDERERS[format]();
  const text = render(plan, options);
  return typeof text === 'string' ? [text] : text;
}
