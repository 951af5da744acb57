import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import { isEmpty } from '#core/plan.ts';
import type { Cli } from './cli-context.ts';
import { globalOptions } from './global-options.ts';
import { showPlan } from './show-plan.ts';
import { reportExitCode, showReport } from './show-report.ts';
import { withRun } from './with-run.ts';

export const verifyCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('verify')
    .summary('prove that the cluster works')
    .description(
      'Runs the verify phase alone. What it needs for its proof (a Deployment, a Service) it makes and\n' +
        'removes again; the hosts stay as they are.',
    )
    .addOption(
      new Option('--format <format>', 'of the report on standard output')
        .choices(['text', 'json'])
        .default('text' as const),
    )
    .addHelpText(
      'after',
      `
Examples:
  slipway verify
  slipway verify -v                    each check, with what it saw`,
    )
    .action(async ({ format }, command) => {
      const options = globalOptions(command);
      const isText = format === 'text';
      const settings = { isChanging: true, phases: ['verify'] };
      await withRun(cli, command, settings, async ({ run, settle }) => {
        const plan = await run.plan();
        await settle();
        if (isText && (options.verbose || isEmpty(plan))) await showPlan(cli, options, plan);
        const report = await run.apply(plan);
        await settle();
        if (!isText || !isEmpty(plan)) await showReport(cli, options, report, format);
        cli.finish(reportExitCode(report, cli.signal));
      });
    });
