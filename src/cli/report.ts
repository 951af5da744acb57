import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import { RUN_FORMATS, renderRun } from '#report/renderers.ts';
import type { Cli } from './cli-context.ts';
import { globalOptions, hasColor, widthOf } from './global-options.ts';
import { journalsOf } from './journals.ts';

export const reportCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('report')
    .summary('say how a run went')
    .description(
      'Says of a run who did it and when, what took longest, who waited for whom, and how it ended, without a connection.',
    )
    .argument('[run]', 'its name, or the beginning of it, as "slipway runs" has it; default: the last one')
    .addOption(
      new Option('--format <format>', 'of the report on standard output')
        .choices(RUN_FORMATS)
        .default('text' as const),
    )
    .addHelpText(
      'after',
      `
Examples:
  slipway report                             the last run
  slipway report 2026-11-28 --format html    a page with its timeline
  slipway report --format trace > run.json   for https://ui.perfetto.dev
  slipway report --format junit              a test for each resource`,
    )
    .action(async (name, { format }, command) => {
      const options = globalOptions(command);
      const { recordedRun } = await import('#report/run/recorded-run.ts');
      const run = await recordedRun(journalsOf(options), name);
      const color = hasColor(cli.stdout, cli, options);
      cli.stdout.write(await renderRun(run, format, { color, width: widthOf(cli.stdout) }));
    });
