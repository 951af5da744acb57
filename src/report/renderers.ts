import type { Plan } from '#core/plan.ts';
import type { TextPlanOptions } from './plan/text-plan.ts';
import type { GraphNotation } from './render-graph.ts';
import type { RecordedRun } from './run/recorded-run.ts';
import type { RunReportOptions } from './run/run-reports.ts';

/** In pieces where it may be longer than a string can be. */
type PlanRenderer = (plan: Plan, options: TextPlanOptions) => string | Iterable<string>;

/** Plans by the name of the format. A new format is a file and a line here; it is loaded when it is asked for. */
const PLAN_RENDERERS = {
  text: async () => (await import('./plan/text-plan.ts')).renderTextPlan,
  json: async () => (await import('./text/pretty-json.ts')).prettyJson,
  markdown: async () => (await import('./plan/markdown-plan.ts')).renderMarkdownPlan,
  html: async () => (await import('./plan/html-plan.ts')).renderHtmlPlan,
  mermaid: () => graphRenderer('mermaid'),
  dot: () => graphRenderer('dot'),
  svg: async () => (await import('./plan/svg-plan.ts')).renderSvgPlan,
  junit: async () => (await import('./plan/junit-plan.ts')).renderJunitPlan,
} satisfies Readonly<Record<string, () => Promise<PlanRenderer>>>;

async function graphRenderer(notation: GraphNotation): Promise<PlanRenderer> {
  const { renderPlanGraph } = await import('./render-graph.ts');
  return (plan) => renderPlanGraph(plan, notation);
}

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

type RunRenderer = (run: RecordedRun, options: RunReportOptions) => string;

/** Recorded runs by the name of the format. */
const RUN_RENDERERS = {
  text: async () => (await import('./run/run-reports.ts')).renderTextRun,
  html: async () => (await import('./run/html-run.ts')).renderHtmlRun,
  junit: async () => (await import('./run/run-reports.ts')).renderJunitRun,
  trace: async () => (await import('./run/trace-run.ts')).renderTraceRun,
} satisfies Readonly<Record<string, () => Promise<RunRenderer>>>;

export type RunFormat = keyof typeof RUN_RENDERERS;

export const RUN_FORMATS = Object.keys(RUN_RENDERERS) as readonly RunFormat[];

export async function renderRun(
  run: RecordedRun,
  format: RunFormat,
  options: RunReportOptions,
): Promise<string> {
  const render: RunRenderer = await RUN_RENDERERS[format]();
  return render(run, options);
}
