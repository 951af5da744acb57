import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';
import { formatOption, globalOptions, hasColor, widthOf } from './global-options.ts';
import { journalsOf } from './journals.ts';
import { printJson } from './plan-file.ts';

export const runsCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('runs')
    .summary('list the runs that changed hosts')
    .description(
      'Lists the journals that runs have left in .slipway beside the inventory, the last one first, without a connection.',
    )
    .addOption(formatOption('of the list'))
    .addHelpText(
      'after',
      `
Examples:
  slipway runs
  slipway report                       how the last one went`,
    )
    .action(async ({ format }, command) => {
      const options = globalOptions(command);
      const directory = journalsOf(options);
      const [{ recordedRun, recordedRuns }, { renderRuns }] = await Promise.all([
        import('#report/run/recorded-run.ts'),
        import('#report/run/run-reports.ts'),
      ]);
      const names = await recordedRuns(directory);
      const runs = await Promise.all(names.toReversed().map((name) => recordedRun(directory, name)));
      if (format === 'json') {
        await printJson(
          cli.stdout,
          runs.map(({ name, head, report }) => ({ name, ...head, report: report ?? null })),
        );
        return;
      }
      const color = hasColor(cli.stdout, cli, options);
      cli.stdout.write(renderRuns(runs, { color, width: widthOf(cli.stdout) }));
    });
