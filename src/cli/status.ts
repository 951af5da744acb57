import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import type { Status } from '#report/status.ts';

import type { Cli } from './cli-context.ts';
import { bundleOption, formatOption, type ReportFormat } from './global-options.ts';
import { showResult } from './show-result.ts';
import { type BundleOptions, type Opened, withBundle, withSlipway } from './with-slipway.ts';

interface StatusOptions extends BundleOptions {
  readonly format: ReportFormat;
  readonly detailedExitcode?: true | undefined;
}

export const statusCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('status')
    .summary('show the nodes, and whether the hosts are as wanted')
    .description(
      'Shows the nodes as the cluster reports them, and for each host whether anything is left to do.',
    )
    .addOption(formatOption('of the status'))
    .addOption(bundleOption())
    .option('--detailed-exitcode', 'exit with 2 when a node is not Ready or a host not converged')
    .addHelpText(
      'after',
      `
Examples:
  slipway status
  slipway status --format json |
    jq '.rows[] | select(.isConverged | not) | .name'`,
    )
    .action(async (options, command) => {
      const settings = { isChanging: false, selection: withBundle(options) };
      await withSlipway(cli, command, settings, (opened) => showStatus(cli, opened, options));
    });

async function showStatus(
  cli: Cli,
  opened: Opened,
  { format, detailedExitcode }: StatusOptions,
): Promise<void> {
  const status = await opened.slipway.status();
  await showResult(cli, opened, format, status, async (look) => {
    const { renderTextStatus } = await import('#report/text-status.ts');
    return renderTextStatus(status, look);
  });
  if (status.rows.some(({ host }) => host === 'unreachable')) cli.finish(EXIT.unreachable);
  else if (detailedExitcode === true && !isGood(status)) cli.finish(EXIT.changesPending);
}

const isGood = ({ rows }: Status): boolean =>
  rows.every(({ node, isConverged, role }) => node === 'Ready' && (isConverged || role === ''));
