import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';

export const versionCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('version')
    .summary('say which slipway this is')
    .description('Prints the version of slipway.')
    .addHelpText(
      'after',
      `
Examples:
  slipway version
  slipway --version                    the number alone`,
    )
    .action(() => {
      cli.stdout.write(`slipway ${cli.version}\n`);
    });
