import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import type { Cli } from './cli-context.ts';
import { formatOption, widthOf } from './global-options.ts';
import { printJson, writeResult } from './plan-file.ts';
import { withSlipway } from './with-slipway.ts';

export const factsCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('facts')
    .summary('record what the hosts are like')
    .description(
      'Asks every host all that a plan needs to know, and changes nothing. What is recorded can be planned ' +
        'on later, without the hosts: slipway plan --facts FILE.',
    )
    .option('--out <file>', 'write the answers as JSON')
    .addOption(formatOption('of the answers'))
    .addHelpText(
      'after',
      `
Examples:
  slipway facts --limit gpu01               what gpu01 answers, a line each
  slipway facts --limit gpu01 --verbose     with long answers whole
  slipway facts --out facts.json            for a plan elsewhere
  slipway plan --facts facts.json           plan on it`,
    )
    .action(async ({ out, format }, command) => {
      await withSlipway(cli, command, { isChanging: false }, async ({ slipway, options, settle }) => {
        const { facts, hosts } = await slipway.facts();
        await settle();
        const [{ prettyJson }, { renderTextFacts }] = await Promise.all([
          import('#report/text/pretty-json.ts'),
          import('#report/text-facts.ts'),
        ]);
        if (out !== undefined) {
          await writeResult(out, prettyJson(facts));
          cli.stderr.write(`The facts of ${Object.keys(facts).length} hosts are in ${out}\n`);
        }
        if (format === 'json') await printJson(cli.stdout, facts);
        else if (out === undefined) {
          const width = options.verbose ? Infinity : widthOf(cli.stdout);
          cli.stdout.write(renderTextFacts(facts, width));
        }
        if (hosts.some(({ unreachable }) => unreachable !== undefined)) cli.finish(EXIT.unreachable);
      });
    });
