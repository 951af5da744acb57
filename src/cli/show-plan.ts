import type { Plan } from '#core/plan.ts';
import { type PlanFormat, renderPlan } from '#report/renderers.ts';
import type { Cli, OutputStream } from './cli-context.ts';
import { type GlobalOptions, hasColor, widthOf } from './global-options.ts';
import type { Opened } from './with-slipway.ts';

/** Prints a plan for a person or for a program. */
export async function showPlan(
  cli: Cli,
  options: GlobalOptions,
  plan: Plan,
  format: PlanFormat = 'text',
  stream: OutputStream = cli.stdout,
): Promise<void> {
  const color = hasColor(stream, cli, options);
  const pieces = await renderPlan(plan, format, {
    color,
    verbose: options.verbose,
    hasShell: options.hasShell,
    width: widthOf(stream),
  });
  for (const piece of pieces) stream.write(piece);
}

/** Makes a plan, and shows it when the progress of that has come to its end. */
export async function showFreshPlan(
  cli: Cli,
  { slipway, options, settle }: Opened,
  format: PlanFormat,
  stream: OutputStream,
): Promise<Plan> {
  const plan = await slipway.plan();
  await settle();
  await showPlan(cli, options, plan, format, stream);
  return plan;
}
