import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import type { Cli } from './cli-context.ts';
import { formatOption, globalOptions, hasColor } from './global-options.ts';
import { printJson } from './plan-file.ts';
import { withSlipway } from './with-slipway.ts';

export const doctorCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('doctor')
    .summary('say what is missing before the first apply')
    .description(
      'Looks at the inventory, at the keys of this machine, and once at every host: how it is reached, sudo, its ' +
        'distribution, ports and versions. What is missing is said with the command that mends it. It changes nothing.',
    )
    .addOption(formatOption('of the report'))
    .addHelpText(
      'after',
      `
Examples:
  slipway doctor
  slipway doctor --limit gpu07         a host that is to be added
  slipway doctor --format json         for a program`,
    )
    .action(async ({ format }, command) => {
      const options = globalOptions(command);
      await withSlipway(cli, command, { isChanging: false }, async ({ slipway, settle }) => {
        const results = await slipway.doctor();
        await settle();
        const failed = results.filter(({ status }) => status === 'failed').length;
        if (format === 'json') await printJson(cli.stdout, results);
        else {
          const { renderCheck } = await import('#report/text-verification.ts');
          const color = hasColor(cli.stdout, cli, options);
          for (const result of results) cli.stdout.write(renderCheck(result, { color }));
          cli.stdout.write(`\n${verdict(failed)}\n`);
        }
        cli.finish(failed > 0 ? EXIT.failed : EXIT.ok);
      });
    });

const verdict = (failed: number): string =>
  failed === 0
    ? 'Nothing is missing. Next: slipway plan'
    : `${failed} ${failed === 1 ? 'thing is' : 'things are'} missing. Do what the hints say, and look again.`;
