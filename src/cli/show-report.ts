import type { RunReport } from '#core/event.ts';
import { EXIT, type ExitCode } from '#core/exit-code.ts';
import type { Json } from '#core/json.ts';
import type { Cli } from './cli-context.ts';
import { type GlobalOptions, hasColor } from './global-options.ts';

/** Prints the report of a run, for a person or for a program. */
export async function showReport(
  cli: Cli,
  options: GlobalOptions,
  report: RunReport,
  format: 'text' | 'json',
): Promise<void> {
  if (format === 'json') {
    const { prettyJson } = await import('#report/text/pretty-json.ts');
    cli.stdout.write(prettyJson(report as unknown as Json));
    return;
  }
  const { renderRunSummary } = await import('#report/run/run-summary.ts');
  cli.stdout.write(`\n${renderRunSummary(report, { color: hasColor(cli.stdout, cli, options) })}`);
}

/** The exit code of the process after a run with this report. */
export function reportExitCode(report: RunReport, signal: AbortSignal): ExitCode {
  const { failed, skipped, unreachable, left } = report;
  if (signal.aborted) return EXIT.interrupted;
  if (failed.length > 0) return EXIT.failed;
  if (unreachable.length > 0) return EXIT.unreachable;
  return skipped.length + left.length > 0 ? EXIT.failed : EXIT.ok;
}
