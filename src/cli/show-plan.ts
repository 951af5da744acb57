import type { Plan } from '#core/plan.ts';
import type { Cli, OutputStream } from './cli-context.ts';
import { type GlobalOptions, hasColor, widthOf } from './global-options.ts';

/** Prints a plan for a person or for a program. */
export async function showPlan(
  cli: Cli,
  options: GlobalOptions,
  plan: Plan,
  format: 'text' | 'json' = 'text',
  stream: OutputStream = cli.stdout,
): Promise<void> {
  if (format === 'json') {
    const { jsonPlanPieces } = await import('#report/plan/json-plan.ts');
    for (const piece of jsonPlanPieces(plan)) stream.write(piece);
    return;
  }
  const { renderTextPlan } = await import('#report/plan/text-plan.ts');
  const color = hasColor(stream, cli, options);
  stream.write(renderTextPlan(plan, { color, verbose: options.verbose, width: widthOf(stream) }));
}
