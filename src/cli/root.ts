import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';
import { addGlobalOptions } from './global-options.ts';

/** The command line, with these commands of it. */
export function rootOf(
  cli: Cli,
  commands: readonly CommandUnknownOpts[],
  hidden: readonly CommandUnknownOpts[] = [],
): CommandUnknownOpts {
  const root = new Command('slipway')
    .description(
      'Turns bare Linux machines into a Kubernetes cluster: an exact plan, and an apply of just that.',
    )
    .version(cli.version, '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .addHelpText('after', EPILOGUE);
  addGlobalOptions(root);
  for (const command of commands) root.addCommand(command);
  for (const command of hidden) root.addCommand(command, { hidden: true });
  for (const command of [root, ...commands, ...commands.flatMap(({ commands: parts }) => parts)])
    asOne(command, cli);
  return root;
}

const EPILOGUE = `
Examples:
  slipway validate                     is the inventory valid?
  slipway plan                         what would be done?
  slipway apply                        do it
  slipway apply --limit gpu07          one host more

Exit codes: 0 done or nothing to do, 1 failed, 2 changes pending (with
--detailed-exitcode), 3 wrong usage or inventory, 4 stale plan, 5 locked by
another run, 6 unreachable host, 7 forbidden by the policy, 130 interrupted.`;

/** Settings that a command does not inherit when it was made before it is added. */
function asOne(command: CommandUnknownOpts, { stdout, stderr }: Cli): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // runCli prints all errors in the same form.
      outputError: () => undefined,
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
    });
}
