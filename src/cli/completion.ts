import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';
import { COMPLETION_SCRIPTS, type Shell } from './completion-scripts.ts';

const SHELLS = Object.keys(COMPLETION_SCRIPTS) as readonly Shell[];

export const completionCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('completion')
    .summary('print the completion script of a shell')
    .description(
      'Prints a script that lets a shell complete commands, options and their values: phases, files, and the ' +
        'hosts of the inventory.',
    )
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  source <(slipway completion bash)
  slipway completion zsh > ~/.zfunc/_slipway
  slipway completion fish > ~/.config/fish/completions/slipway.fish`,
    )
    .action((shell) => {
      cli.stdout.write(COMPLETION_SCRIPTS[shell]);
    });
