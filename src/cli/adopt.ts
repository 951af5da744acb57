import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { STANDARD_INPUT } from '#core/standard-input.ts';
import { readRunningCluster } from '#slipway.ts';
import type { Cli } from './cli-context.ts';
import { globalOptions, parseCount } from './global-options.ts';
import { onlyFile } from './only-file.ts';
import { writeNew } from './write-new.ts';

export const adoptCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('adopt')
    .summary('write an inventory of a running cluster')
    .description(
      'Asks a control plane that kubeadm has made, by hand, by kubespray or by a script, and writes an inventory of the whole ' +
        'cluster, with comments on what it could not say. It changes nothing, and never writes over a file.',
    )
    .argument('<address>', 'of a control plane of the cluster')
    .option('--user <name>', 'who logs in on all hosts; default root')
    .option('--port <number>', 'where sshd listens on all hosts', parseCount)
    .option('--identity-file <file>', "the private key; default: the agent's, then the usual ones")
    .option('--known-hosts <file>', 'keys of hosts; default: the file of ssh')
    .addHelpText(
      'after',
      `
Examples:
  slipway adopt 10.0.0.11
  slipway adopt 10.0.0.11 --user admin -i clusters/berlin.yaml
  slipway plan                         then: what differs from what slipway would have made`,
    )
    .action(async (address, options, command) => {
      const path = onlyFile(globalOptions(command));
      const [{ adopted }, { writeInventory }] = await Promise.all([
        import('#importers/adopted.ts'),
        import('#importers/write-inventory.ts'),
      ]);
      const { knownHosts, ...login } = options;
      const said = await readRunningCluster(
        { address, ...options },
        {
          env: cli.env,
          prompt:
            cli.ask && ((question) => cli.ask?.(`${question} `, { isHidden: true }) ?? Promise.resolve('')),
          signal: cli.signal,
        },
      );
      const text = writeInventory({
        ...adopted(said, { address, ...login }),
        knownHosts,
        origin: 'slipway adopt',
      });
      if (path === STANDARD_INPUT) cli.stdout.write(text);
      else await writeNew(cli, path, text);
    });
