import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { STANDARD_INPUT } from '#core/standard-input.ts';
import { type Source, SOURCE_NAMES } from '#importers/sources.ts';
import type { Cli } from './cli-context.ts';
import { DEFAULT_INVENTORY, globalOptions } from './global-options.ts';
import { readSource } from './import.ts';
import { onlyFile } from './only-file.ts';
import { writeNew } from './write-new.ts';

export interface InitOptions {
  readonly controlPlanes?: string | undefined;
  readonly workers?: string | undefined;
  readonly gpu?: string | undefined;
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
  readonly ha?: string | true | undefined;
  readonly kubernetes?: string | undefined;
  readonly name?: string | undefined;
  readonly from?: Source | undefined;
  readonly source?: string | undefined;
}

export const initCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('init')
    .summary('write an inventory to begin with')
    .description(
      'Writes a commented inventory of the hosts that are named, and asks for them on a terminal where none is. ' +
        'It connects to nothing, and never writes over a file.',
    )
    .option(
      '--control-planes <hosts>',
      'name=address with commas between; a name or an address alone will do',
    )
    .option('--workers <hosts>', 'in the same way')
    .option('--gpu <hosts>', 'workers with GPUs, in the same way; of imported hosts their names')
    .option('--user <name>', 'who logs in; default root')
    .option('--identity-file <file>', "the private key; default: the agent's, then the usual ones")
    .option(
      '--ha [how]',
      'what stands before the API servers: local, keepalived=ADDRESS, kube-vip=ADDRESS or host:port; default local',
    )
    .option('--kubernetes <version>', 'with its patch, as in 1.36.4')
    .option('--name <cluster>', 'of the cluster; default kubernetes')
    .addOption(new Option('--from <format>', 'take hosts that another tool knows').choices(SOURCE_NAMES))
    .option('--source <file>', 'with --from: what the tool says; default: standard input')
    .addHelpText('after', EXAMPLES)
    .action(async (options, command) => {
      const path = onlyFile(globalOptions(command));
      const [{ describeHosts }, { writeInventory }] = await Promise.all([
        import('./describe-hosts.ts'),
        import('#importers/write-inventory.ts'),
      ]);
      const { from } = options;
      const said = from === undefined ? undefined : await readSource(cli, from, options.source);
      if (from === undefined && options.controlPlanes === undefined) refuseWithoutHosts(cli);
      const text = writeInventory(await describeHosts(cli, options, said));
      if (path === STANDARD_INPUT) {
        cli.stdout.write(text);
        return;
      }
      await writeNew(cli, path, text);
      // What is wrong with it is said with its place.
      await cli.openSlipway(path, {
        env: cli.env,
        secrets: 'skip',
        warn: (why) => cli.stderr.write(`Warning: ${why}\n`),
      });
    });

const EXAMPLES = `
Examples:
  slipway init                       asks for hosts on a terminal
  slipway init --control-planes cp1=10.0.0.11 --workers 10.0.0.21,10.0.0.22
  slipway init --control-planes 10.0.0.11,10.0.0.12,10.0.0.13 \\
    --ha keepalived=10.0.0.10 --gpu gpu1=10.0.0.31 --user admin
  terraform output -json | slipway init --from terraform --gpu gpu1`;

function refuseWithoutHosts({ ask }: Cli): void {
  if (ask !== undefined) return;
  throw new SlipwayError('there are no hosts: none is named, and nobody is there to ask', {
    code: 'no-hosts',
    exitCode: EXIT.usage,
    hint: `name them: slipway init --control-planes cp1=10.0.0.11 --workers w1=10.0.0.21, or copy and change the ${DEFAULT_INVENTORY} that comes with slipway`,
  });
}
