import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { phases } from '#slipway.ts';

import type { Cli } from './cli-context.ts';

export const completionCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('completion')
    .summary('print the completion script of a shell')
    .description('Prints a script that lets a shell complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  source <(slipway completion bash)
  slipway completion zsh > ~/.zfunc/_slipway
  slipway completion fish > ~/.config/fish/completions/slipway.fish`,
    )
    .action(async (shell, _options, command) => {
      const { completionScript } = await import('./completion-scripts.ts');
      const { parent } = command;
      if (parent === null) throw new TypeError('completion is a command of its own, and completes nothing');
      const names = (await phases()).map(({ name }) => name);
      cli.stdout.write(completionScript(parent, shell, names));
    });
