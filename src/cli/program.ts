import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { adoptCommand } from './adopt.ts';
import { applyCommand } from './apply.ts';
import { bundleCommand } from './bundle.ts';
import { certsCommand } from './certs.ts';
import type { Cli } from './cli-context.ts';
import { completeCommand } from './complete.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { etcdCommand } from './etcd.ts';
import { explainCommand } from './explain.ts';
import { factsCommand } from './facts.ts';
import { addGlobalOptions } from './global-options.ts';
import { graphCommand } from './graph.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { kubeconfigCommand } from './kubeconfig.ts';
import { planCommand } from './plan.ts';
import { removeCommand } from './remove.ts';
import { reportCommand } from './report.ts';
import { resetCommand } from './reset.ts';
import { runsCommand } from './runs.ts';
import { statusCommand } from './status.ts';
import { validateCommand } from './validate.ts';
import { verifyCommand } from './verify.ts';
import { versionCommand } from './version.ts';
import { versionsCommand } from './versions.ts';

/** The command line as a tree: the table of contents of what slipway can be asked. */
export function program(cli: Cli): CommandUnknownOpts {
  const root = new Command('slipway')
    .description(
      'Turns bare Linux machines into a Kubernetes cluster: an exact plan, and an apply of just that.',
    )
    .version(cli.version, '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .addHelpText('after', EPILOGUE);
  addGlobalOptions(root);
  const commands = [
    initCommand,
    validateCommand,
    doctorCommand,
    factsCommand,
    planCommand,
    applyCommand,
    statusCommand,
    certsCommand,
    verifyCommand,
    kubeconfigCommand,
    etcdCommand,
    removeCommand,
    resetCommand,
    runsCommand,
    reportCommand,
    bundleCommand,
    importCommand,
    adoptCommand,
    graphCommand,
    explainCommand,
    completionCommand,
    versionsCommand,
    versionCommand,
  ].map((command) => command(cli));
  for (const command of commands) root.addCommand(command);
  root.addCommand(completeCommand(cli), { hidden: true });
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
