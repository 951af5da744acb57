import type { Cli } from './cli-context.ts';
import { hasColor, type ReportFormat } from './global-options.ts';
import { printJson } from './plan-file.ts';
import type { Opened } from './with-slipway.ts';

/** Prints what a command has found, as JSON or as text, when the progress has come to its end. */
export async function showResult(
  cli: Cli,
  { options, settle }: Opened,
  format: ReportFormat,
  value: unknown,
  render: (look: { readonly color: boolean }) => string | Promise<string>,
): Promise<void> {
  await settle();
  if (format === 'json') await printJson(cli.stdout, value);
  else cli.stdout.write(await render({ color: hasColor(cli.stdout, cli, options) }));
}
