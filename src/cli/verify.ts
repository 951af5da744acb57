import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import type { CheckResult } from '#core/verification.ts';
import type { Cli } from './cli-context.ts';
import { formatOption, globalOptions, hasColor } from './global-options.ts';
import { printJson, writeResult } from './plan-file.ts';
import { withSlipway } from './with-slipway.ts';

export const verifyCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('verify')
    .summary('prove that the cluster works')
    .description(
      'Tries the cluster: its nodes and system pods, then a Deployment and Services of its own, from pods on ' +
        'two nodes where there are two. What it makes for that lives in the namespace slipway-verify and is ' +
        'removed again, whatever happens; the hosts stay as they are.',
    )
    .addOption(formatOption('of the report'))
    .option('--junit <file>', 'write a JUnit report as well')
    .addHelpText(
      'after',
      `
Examples:
  slipway verify
  slipway verify -v                    the last words of a check that failed
  slipway verify --junit report.xml    for a build server

A check is left out by its name in the inventory: ignoreChecks: [NodePort].`,
    )
    .action(async ({ format, junit }, command) => {
      const options = globalOptions(command);
      const isText = format === 'text';
      await withSlipway(cli, command, { isChanging: true }, async ({ slipway, settle }) => {
        const { renderCheck, renderVerdict } = await import('#report/text-verification.ts');
        const color = hasColor(cli.stdout, cli, options);
        const show = (result: CheckResult): void => {
          if (isText) cli.stdout.write(renderCheck(result, { color, verbose: options.verbose }));
        };
        await settle();
        const results = await slipway.verify(show);
        if (isText) cli.stdout.write(renderVerdict(results, { color }));
        else await printJson(cli.stdout, results);
        // Last, so that a file that cannot be written takes no result with it.
        if (junit !== undefined) {
          const { renderJunit } = await import('#report/junit.ts');
          await writeResult(
            junit,
            renderJunit([{ name: `slipway verify ${slipway.cluster.name}`, results }]),
          );
        }
        const isGood = results.every(({ status }) => status === 'passed' || status === 'ignored');
        cli.finish(isGood ? EXIT.ok : EXIT.failed);
      });
    });
