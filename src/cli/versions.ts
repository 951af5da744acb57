import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';
import { formatOption, globalOptions, hasColor, widthOf } from './global-options.ts';
import { printJson } from './plan-file.ts';

export const versionsCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('versions')
    .summary('show the versions that slipway knows')
    .description(
      'Shows the versions of Kubernetes, of distributions and of other software that slipway knows, what is out of support, how they go together, and who says so. Asks nobody.',
    )
    .addOption(formatOption('of the list'))
    .addHelpText(
      'after',
      `
Examples:
  slipway versions
  slipway versions --format json | jq -r '.kubernetes[] | select(.isSupported).newestPatch'`,
    )
    .action(async ({ format }, command) => {
      const { renderTextVersions, versions } = await import('#report/versions.ts');
      const known = versions(new Date());
      if (format === 'json') {
        await printJson(cli.stdout, known);
        return;
      }
      const color = hasColor(cli.stdout, cli, globalOptions(command));
      cli.stdout.write(renderTextVersions(known, { color, width: widthOf(cli.stdout) }));
    });
