import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { ExplainContext } from '#report/explain.ts';
import type { Cli } from './cli-context.ts';
import { type GlobalOptions, globalOptions, hasColor, widthOf } from './global-options.ts';
import { openOffline } from './with-slipway.ts';

export const explainCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('explain')
    .summary('say what a resource or a check is for')
    .description(
      'Says what a resource or a check is for, which facts it reads, what it would do to a freshly installed machine, ' +
        'and how to go without it, without a connection. Of the inventory it takes hosts and facts, where there is one.',
    )
    .argument('<name>', 'an address or the name of a check, as a plan shows it')
    .addHelpText(
      'after',
      `
Examples:
  slipway explain sysctl:net.ipv4.ip_forward
  slipway explain kubeadm-join
  slipway explain ClockSkew            a check`,
    )
    .action(async (written, _, command) => {
      const options = globalOptions(command);
      const { explanationOf, plainName, renderExplanation } = await import('#report/explain.ts');
      const name = plainName(written);
      const explanation = explanationOf(name);
      if (explanation === undefined) {
        throw new SlipwayError(`nothing of slipway is called ${written}`, {
          code: 'unknown-name',
          exitCode: EXIT.usage,
          hint: 'take an address or the name of a check from a plan; all of them are in docs/reference',
        });
      }
      const context = await contextOf(cli, options);
      const color = hasColor(cli.stdout, cli, options);
      cli.stdout.write(renderExplanation(name, explanation, { color, width: widthOf(cli.stdout), context }));
    });

/** Nothing where there is no inventory, or none that is valid: `slipway validate` says what is wrong. */
async function contextOf(cli: Cli, options: GlobalOptions): Promise<ExplainContext | undefined> {
  try {
    const slipway = await openOffline(cli, options);
    return { graph: await slipway.graph(), plan: await slipway.offlinePlan() };
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
