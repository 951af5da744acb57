import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Mirrors } from '#core/cluster.ts';
import { nameOfInput } from '#core/standard-input.ts';
import type { Cli } from './cli-context.ts';
import { globalOptions } from './global-options.ts';

export const validateCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('validate')
    .summary('check the inventory')
    .description('Checks the inventory and says everything that is wrong with it, without any connection.')
    .addHelpText(
      'after',
      `
Examples:
  slipway validate
  slipway validate -i clusters/berlin.yaml
  slipway validate -i base.yaml -i berlin.yaml   one on top of the other
  sops -d berlin.yaml | slipway validate -i -`,
    )
    .action(async (_options, command) => {
      const { inventory } = globalOptions(command);
      const { cluster } = await cli.openSlipway(inventory, { env: cli.env, secrets: 'skip' });
      const { hosts, kubernetes, mirrors } = cluster;
      const controlPlanes = hosts.filter(({ role }) => role === 'control-plane').length;
      const workers = hosts.length - controlPlanes;
      cli.stdout.write(
        `${named(inventory)} valid: cluster ${cluster.name}, Kubernetes ${kubernetes.version}, ` +
          `${counted(controlPlanes, 'control plane')} and ${counted(workers, 'worker')}\n`,
      );
      if (mirrors !== null) cli.stdout.write(mirrorLines(mirrors));
      const { supportWarning } = await import('#report/support-warning.ts');
      const warning = supportWarning(kubernetes.version, new Date());
      if (warning !== undefined) cli.stderr.write(`warning: ${warning}\n`);
    });

function named(files: readonly string[]): string {
  const names = files.map(nameOfInput);
  if (names.length === 1) return `${names[0]} is`;
  return `${new Intl.ListFormat('en').format(names)} are`;
}

/** What comes from where, as far as nothing else in the inventory says so. */
function mirrorLines({ registries, ...others }: Mirrors): string {
  const all = Object.entries<string>({ ...others, ...registries });
  const width = Math.max(...all.map(([name]) => name.length));
  return ['Mirrors:', ...all.map(([name, place]) => `  ${name.padEnd(width)}  ${place}`), ''].join('\n');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
