import { Command, type CommandUnknownOpts, type Option } from '@commander-js/extra-typings';

import { type Selectable, selectorsOf } from '#core/host-selector.ts';
import { STANDARD_INPUT } from '#core/standard-input.ts';
import { phases } from '#slipway.ts';

import type { Cli } from './cli-context.ts';
import { findOption, type Read, readWords, splitWord } from './read-words.ts';

interface Candidate {
  readonly word: string;
  readonly about?: string;
}

type Inventory = Read['inventory'];

/** What shells take for the names of files. */
const FILES: readonly Candidate[] = [{ word: ':files' }];

/** Options that take several values with commas between, and where these are from. */
const LISTS: Readonly<Record<string, (cli: Cli, inventory: Inventory) => Promise<readonly string[]>>> = {
  '--limit': (cli, inventory) => selectors(cli, inventory),
  '--only': phaseNames,
  '--skip': phaseNames,
};

/** What completion scripts ask. It says nothing of what is wrong: that is for the command itself. */
export const completeCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('__complete').argument('[words...]').action(async (words, _options, command) => {
    const { parent } = command;
    if (parent === null) throw new TypeError('__complete is a command of its own, and completes nothing');
    for (const { word, about } of await candidates(cli, parent, words))
      cli.stdout.write(about === undefined ? `${word}\n` : `${word}\t${about}\n`);
  });

/** What the last word may be. */
async function candidates(
  cli: Cli,
  root: CommandUnknownOpts,
  words: readonly string[],
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? '';
  const { command, inventory, waiting, operands, isProgram } = readWords(root, words.slice(0, -1));
  const offered = async (): Promise<readonly Candidate[]> => {
    if (isProgram) return FILES;
    if (waiting !== undefined) return valuesOf(cli, waiting, current, inventory);
    const [name = '', value] = splitWord(current);
    if (value !== undefined) {
      const option = findOption(root, command, name);
      if (option === undefined) return [];
      const values = await valuesOf(cli, option, value, inventory);
      return values.map((one) => (one === FILES[0] ? one : { word: `${name}=${one.word}` }));
    }
    return current.startsWith('-')
      ? optionWords(root, command)
      : argumentsOf(cli, command, { operands, inventory });
  };
  return (await offered()).filter(({ word }) => word === FILES[0]?.word || word.startsWith(current));
}

async function valuesOf(
  cli: Cli,
  { long, flags, argChoices = [] }: Option,
  current: string,
  inventory: Inventory,
): Promise<readonly Candidate[]> {
  const list = LISTS[long ?? ''];
  if (list !== undefined) return inList(await list(cli, inventory), current);
  return /[<[]file[>\]]/.test(flags) ? FILES : argChoices.map((word) => ({ word }));
}

/** The values that the list does not have yet, each after those that it has. */
function inList(values: readonly string[], current: string): readonly Candidate[] {
  const [before = ''] = /^(.*,)?!?/s.exec(current) ?? [];
  const taken = before.split(/,!?/);
  return values.filter((value) => !taken.includes(value)).map((value) => ({ word: `${before}${value}` }));
}

const optionWords = (root: CommandUnknownOpts, command: CommandUnknownOpts): readonly Candidate[] => {
  const all = [...command.createHelp().visibleOptions(command), ...(command === root ? [] : root.options)];
  const byName = new Map(
    all.flatMap(({ long, description }) =>
      typeof long === 'string' ? [[long, { word: long, about: description }] as const] : [],
    ),
  );
  return [...byName.values()];
};

async function argumentsOf(
  cli: Cli,
  command: CommandUnknownOpts,
  { operands, inventory }: { readonly operands: number; readonly inventory: Inventory },
): Promise<readonly Candidate[]> {
  const { commands, registeredArguments } = command;
  if (commands.length > 0)
    return command
      .createHelp()
      .visibleCommands(command)
      .filter((one) => one.name() !== 'help')
      .map((one) => ({ word: one.name(), about: one.summary() }));
  const argument = registeredArguments[operands] ?? registeredArguments.findLast(({ variadic }) => variadic);
  if (argument === undefined) return [];
  if (argument.name() === 'node') return (await hostNames(cli, inventory)).map((word) => ({ word }));
  return argument.argChoices === undefined ? FILES : argument.argChoices.map((word) => ({ word }));
}

const selectors = async (cli: Cli, inventory: Inventory): Promise<readonly string[]> =>
  selectorsOf(await knownHosts(cli, inventory));

const hostNames = async (cli: Cli, inventory: Inventory): Promise<readonly string[]> =>
  (await knownHosts(cli, inventory)).map(({ name }) => name);

async function knownHosts(cli: Cli, inventory: Inventory): Promise<readonly Selectable[]> {
  // Nobody has piped it in yet.
  if (inventory.includes(STANDARD_INPUT)) return [];
  try {
    const opened = await cli.openSlipway(inventory, {
      env: cli.env,
      secrets: 'skip',
      warn: () => undefined,
    });
    const { hosts, leaving } = opened.cluster;
    return [...hosts, ...leaving];
  } catch {
    return [];
  }
}

async function phaseNames(): Promise<readonly string[]> {
  return (await phases()).map(({ name }) => name);
}
