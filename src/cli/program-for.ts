import type { CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cli } from './cli-context.ts';
import { rootOf } from './root.ts';

type MakeCommand = (cli: Cli) => CommandUnknownOpts;

/** Each command by its name, without the others and what they load. */
const ALONE: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  init: async () => (await import('./init.ts')).initCommand,
  validate: async () => (await import('./validate.ts')).validateCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  facts: async () => (await import('./facts.ts')).factsCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  apply: async () => (await import('./apply.ts')).applyCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  certs: async () => (await import('./certs.ts')).certsCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  kubeconfig: async () => (await import('./kubeconfig.ts')).kubeconfigCommand,
  etcd: async () => (await import('./etcd.ts')).etcdCommand,
  remove: async () => (await import('./remove.ts')).removeCommand,
  reset: async () => (await import('./reset.ts')).resetCommand,
  runs: async () => (await import('./runs.ts')).runsCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  bundle: async () => (await import('./bundle.ts')).bundleCommand,
  import: async () => (await import('./import.ts')).importCommand,
  adopt: async () => (await import('./adopt.ts')).adoptCommand,
  graph: async () => (await import('./graph.ts')).graphCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
  versions: async () => (await import('./versions.ts')).versionsCommand,
  version: async () => (await import('./version.ts')).versionCommand,
};

/**
 * As much of the command line as its words need. Where the first of them names a command, that is the one command: to load
 * all others is a twentieth of a short run. Else all of it.
 */
export async function programFor(cli: Cli): Promise<CommandUnknownOpts> {
  const [first = ''] = cli.argv;
  if (Object.hasOwn(ALONE, first)) return rootOf(cli, [(await ALONE[first]!())(cli)]);
  const { program } = await import('./program.ts');
  return program(cli);
}
