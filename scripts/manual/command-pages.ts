import { PassThrough } from 'node:stream';

import type { CommandUnknownOpts } from '@commander-js/extra-typings';

import type { Cli } from '../../src/cli/cli-context.ts';
import { program } from '../../src/cli/program.ts';

/** A word with what it means: an argument, an option, or a command below. */
export interface Term {
  readonly term: string;
  readonly meaning: string;
}

/** A command as its help shows it. */
export interface CommandPage {
  /** Of its manual page: slipway-etcd-restore. */
  readonly name: string;
  /** As it is typed: slipway etcd restore. */
  readonly words: string;
  /** With what may follow it. */
  readonly usage: string;
  /** In a few words. */
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly Term[];
  readonly options: readonly Term[];
  /** Those that it shares with all other commands; of slipway itself they are its own. */
  readonly globalOptions: readonly Term[];
  readonly commands: readonly Term[];
  /** Examples, and what else the help ends with. */
  readonly notes: string;
}

/** All commands that the help shows, each before those below it. */
export function commandPages(version: string): readonly CommandPage[] {
  return pagesFrom(program(contextOfNobody(version)), []);
}

function pagesFrom(command: CommandUnknownOpts, above: readonly string[]): readonly CommandPage[] {
  const path = [...above, command.name()];
  const help = command.createHelp();
  const below = help.visibleCommands(command).filter((one) => one.name() !== 'help');
  const page: CommandPage = {
    name: path.join('-'),
    words: path.join(' '),
    usage: [...path, command.usage()].join(' '),
    summary: command.summary() || firstSentence(command.description()),
    description: command.description(),
    arguments: help.visibleArguments(command).map((argument) => ({
      term: help.argumentTerm(argument),
      meaning: help.argumentDescription(argument),
    })),
    options: help.visibleOptions(command).map((option) => ({
      term: help.optionTerm(option),
      meaning: help.optionDescription(option),
    })),
    globalOptions: help.visibleGlobalOptions(command).map((option) => ({
      term: help.optionTerm(option),
      meaning: help.optionDescription(option),
    })),
    commands: below.map((one) => ({ term: one.name(), meaning: one.summary() })),
    notes: notesOf(command),
  };
  return [page, ...below.flatMap((one) => pagesFrom(one, path))];
}

const firstSentence = (text: string): string => text.split(/[.:]/)[0] ?? text;

/** What `addHelpText` was given: commander writes it after the help, and has no other way to ask for it. */
function notesOf(command: CommandUnknownOpts): string {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => written.push(text) }).outputHelp();
  return written.slice(1).join('').trim();
}

/** For a command line of which only the help is wanted. */
function contextOfNobody(version: string): Cli {
  const nowhere = new PassThrough();
  return {
    argv: [],
    env: {},
    stdout: nowhere,
    stderr: nowhere,
    signal: new AbortController().signal,
    version,
    holder: '',
    openSlipway: () => Promise.reject(new Error('only the help is asked for')),
    finish: () => undefined,
  };
}
