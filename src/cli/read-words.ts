import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

import { DEFAULT_FILES } from './global-options.ts';

/** What words of a command line come to, before the next one. */
export interface Read {
  readonly command: CommandUnknownOpts;
  readonly inventory: readonly string[];
  /** The option whose value comes next. */
  readonly waiting: Option | undefined;
  /** Words that are neither commands nor options. */
  readonly operands: number;
  /** Whether they are those of another program, after `--`. */
  readonly isProgram: boolean;
}

export const nothingRead = (command: CommandUnknownOpts): Read => ({
  command,
  inventory: DEFAULT_FILES,
  waiting: undefined,
  operands: 0,
  isProgram: false,
});

export function readWords(root: CommandUnknownOpts, words: readonly string[]): Read {
  return words.reduce((read, word) => readWord(root, read, word), nothingRead(root));
}

export function readWord(root: CommandUnknownOpts, read: Read, word: string): Read {
  const { command, waiting } = read;
  if (read.isProgram) return read;
  if (waiting !== undefined)
    return {
      ...read,
      waiting: undefined,
      ...(waiting.long === '--inventory' && { inventory: withFile(read, word) }),
    };
  if (word === '--') return { ...read, isProgram: true };
  if (word.startsWith('-')) {
    const [name = '', value] = splitWord(word);
    const option = findOption(root, command, name);
    if (option?.long === '--inventory' && value !== undefined)
      return { ...read, inventory: withFile(read, value) };
    return option?.required === true && value === undefined ? { ...read, waiting: option } : read;
  }
  const part = command.commands.find((one) => one.name() === word);
  return part === undefined
    ? { ...read, operands: read.operands + 1 }
    : { ...read, command: part, operands: 0 };
}

const withFile = ({ inventory }: Read, file: string): readonly string[] =>
  inventory === DEFAULT_FILES ? [file] : [...inventory, file];

/** `--option=value` in its parts; without a value it is an option, or anything else. */
export function splitWord(word: string): readonly string[] {
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  return name === undefined || value === undefined ? [word] : [name, value];
}

export const findOption = (
  root: CommandUnknownOpts,
  command: CommandUnknownOpts,
  name: string,
): Option | undefined =>
  [...command.options, ...root.options].find(({ long, short }) => long === name || short === name);
