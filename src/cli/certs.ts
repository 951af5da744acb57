import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';

import type { Cli } from './cli-context.ts';
import { formatOption } from './global-options.ts';
import { showResult } from './show-result.ts';
import { withSlipway } from './with-slipway.ts';

export const certsCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('certs')
    .summary('show when the certificates of all hosts end')
    .description(
      "Shows the certificates of all hosts, those that end first at the top: kubeadm's, also those in kubeconfigs, the authorities, and what kubelets show and serve with. Keys stay on their hosts.",
    )
    .addOption(formatOption('of the list'))
    .option('--detailed-exitcode', 'exit with 2 when one has ended, or ends within renewBefore or 30 days')
    .addHelpText(
      'after',
      `
Examples:
  slipway certs
  slipway certs --limit cp1
  slipway certs --format json |
    jq '.certificates[] | select(.daysLeft < 60) | .host + " " + .path'

Renewed they are by slipway apply, where the inventory says
certificates: {renewBefore: 30d}.`,
    )
    .action(async ({ format, detailedExitcode }, command) => {
      await withSlipway(cli, command, { isChanging: false }, async (opened) => {
        const list = await opened.slipway.certificates();
        await showResult(cli, opened, format, list, async (look) => {
          const { renderTextCertificates } = await import('#report/text-certificates.ts');
          return renderTextCertificates(list, look);
        });
        const { isUrgent } = await import('#report/certificate-list.ts');
        if (Object.keys(list.unreachable).length > 0) cli.finish(EXIT.unreachable);
        else if (detailedExitcode === true && list.certificates.some(isUrgent))
          cli.finish(EXIT.changesPending);
      });
    });
