import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';

import type { Cli } from '#cli/cli-context.ts';
import { program } from '#cli/program.ts';
import { programFor } from '#cli/program-for.ts';

const cliOf = (...argv: readonly string[]): Cli => ({
  stdout: process.stdout,
  stderr: process.stderr,
  finish: () => undefined,
  argv,
  env: {},
  signal: new AbortController().signal,
  version: '0',
  holder: 'nobody',
  openSlipway: () => Promise.reject(new TypeError('commands are only read')),
});
const all = program(cliOf());
const namesOf = ({ commands }: CommandUnknownOpts): readonly string[] => commands.map((one) => one.name());
const helpOf = (command: CommandUnknownOpts): readonly string[] => [
  command.helpInformation(),
  ...command.commands.flatMap(helpOf),
];

describe('the command line for its words', () => {
  const visible = all.createHelp().visibleCommands(all);
  it.each(visible.map((command) => command.name()).filter((name) => name !== 'help'))(
    '%s has that command alone, with the help that it has among all',
    async (name) => {
      const alone = await programFor(cliOf(name, 'plan', '--help'));
      expect(namesOf(alone)).toEqual([name]);
      const [command, same] = [alone, all].map((root) => root.commands.find((one) => one.name() === name)!);
      expect(helpOf(command!)).toEqual(helpOf(same!));
    },
  );

  it.each([[], ['--help'], ['help', 'plan'], ['-i', 'plan', 'apply'], ['plann'], ['__complete', 'plan']])(
    '%j has all commands',
    async (...argv) => {
      expect(helpOf(await programFor(cliOf(...argv)))).toEqual(helpOf(all));
    },
  );
});
