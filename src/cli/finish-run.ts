import type { RunReport } from '#core/event.ts';
import { EXIT, type ExitCode } from '#core/exit-code.ts';
import type { Cli } from './cli-context.ts';
import { hasColor, type RunReportFormat } from './global-options.ts';
import { printJson } from './plan-file.ts';
import type { Opened } from './with-slipway.ts';

/** Shows how a run went, and says so by the exit code. */
export async function finishRun(
  cli: Cli,
  opened: Opened,
  format: RunReportFormat,
  report: RunReport,
): Promise<void> {
  await opened.settle();
  if (format === 'json') await printJson(cli.stdout, report);
  else if (format === 'text') {
    const { renderRunSummary } = await import('#report/run/run-summary.ts');
    const color = hasColor(cli.stdout, cli, opened.options);
    cli.stdout.write(`\n${renderRunSummary(report, { color })}`);
  }
  cli.finish(exitCodeOf(report, cli.signal));
}

/** The exit code of the process after a run with this report. */
function exitCodeOf(report: RunReport, signal: AbortSignal): ExitCode {
  const { failed, skipped, unreachable, left } = report;
  if (signal.aborted) return EXIT.interrupted;
  if (failed.length > 0) return EXIT.failed;
  if (unreachable.length > 0) return EXIT.unreachable;
  return skipped.length + left.length > 0 ? EXIT.failed : EXIT.ok;
}
