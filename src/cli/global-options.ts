import {
  type Command,
  type CommandUnknownOpts,
  InvalidArgumentError,
  Option,
} from '@commander-js/extra-typings';

import { type Effect, EFFECTS } from '#core/effects.ts';
import type { CliContext, OutputStream } from './cli-context.ts';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  /** Files or directories; later ones say more than those before. */
  readonly inventory: readonly string[];
  /** Selectors of hosts; absent: all. */
  readonly limit?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly concurrency: number;
  readonly color: boolean;
  readonly verbose: boolean;
  /** Given twice. */
  readonly hasShell: boolean;
  readonly progress: Progress;
}

export type Progress = 'auto' | 'live' | 'lines' | 'none';

export const DEFAULT_INVENTORY = 'inventory.yaml';
export const DEFAULT_FILES: readonly string[] = [DEFAULT_INVENTORY];
const DEFAULT_CONCURRENCY = 50;
const DEFAULT_WIDTH = 100;

/** Puts the global options on the program. */
export function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option(
        '-i, --inventory <file>',
        'the cluster as it should be; - is standard input, a directory all its *.yaml; ' +
          'may be given several times: what a later one says counts',
      )
        .default(DEFAULT_FILES, DEFAULT_INVENTORY)
        .argParser((file: string, before: readonly string[]) =>
          before === DEFAULT_FILES ? [file] : [...before, file],
        ),
    )
    .option(
      '--limit <hosts>',
      'only these hosts, with commas between: names, patterns (w*), ranges (w[1-5]), group:NAME, role:ROLE, ' +
        'label:KEY=VALUE; with ! in front: not these',
      addToList,
    )
    .option('--only <phases>', 'only these phases, with commas between', splitList)
    .option('--skip <phases>', 'all phases but these, with commas between', splitList)
    .option('--concurrency <count>', 'hosts worked on at once', parseCount, DEFAULT_CONCURRENCY)
    .addOption(
      new Option('--progress <how>', 'how progress is shown on standard error')
        .choices(['auto', 'live', 'lines', 'none'])
        .default('auto'),
    )
    .option('--no-color', 'no colours; the environment variable NO_COLOR does the same')
    .option(
      '-v, --verbose',
      'everything: what is right already and why, whole files and answers, every step; -vv: its shell as well',
      (_, given: number) => given + 1,
      0,
    );
}

export type ReportFormat = 'text' | 'json';

/** In which form a command writes its result on standard output. */
export const formatOption = (what: string) =>
  new Option('--format <format>', `${what} on standard output`)
    .choices(['text', 'json'])
    .default('text' as const);

export type RunReportFormat = ReportFormat | 'ndjson';

/** The same of a run, which can be followed by a program as well. */
export const runFormatOption = () =>
  new Option('--format <format>', 'of the report on standard output; ndjson: each event as it happens')
    .choices(['text', 'json', 'ndjson'])
    .default('text' as const);

/** Where everything from outside comes out of. */
export const bundleOption = () =>
  new Option('--bundle <file>', 'everything from outside comes out of this bundle, and nothing is fetched');

/** Hosts that were set up from a bundle go by it until this is said. */
export const noBundleOption = () =>
  new Option('--no-bundle', 'hosts that were set up from a bundle leave it: packages are fetched again');

/** What a plan must not do, beside what the inventory's policy forbids. */
export const failOnOption = () =>
  new Option(
    '--fail-on <effects>',
    `refuse a plan that does one of these, with commas between: ${EFFECTS.join(', ')}`,
  ).argParser((text: string): readonly Effect[] =>
    splitList(text).map((word) => {
      const effect = EFFECTS.find((one) => one === word);
      if (effect === undefined) throw new InvalidArgumentError(`It must be of ${EFFECTS.join(', ')}.`);
      return effect;
    }),
  );

/** The global options as given anywhere on the command line. */
export function globalOptions(command: CommandUnknownOpts): GlobalOptions {
  const { verbose, ...options } = command.optsWithGlobals() as unknown as Omit<
    GlobalOptions,
    'verbose' | 'hasShell'
  > & { readonly verbose: number };
  return { ...options, verbose: verbose > 0, hasShell: verbose > 1 };
}

/**
 * Whether a stream wants colour: a terminal does, unless told otherwise.
 *
 * @see https://no-color.org
 */
export function hasColor(stream: OutputStream, { env }: CliContext, { color }: GlobalOptions): boolean {
  if (!color || isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR']) && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Columns to write in. */
export const widthOf = (stream: OutputStream): number => stream.columns ?? DEFAULT_WIDTH;

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Of an option that may be given several times. */
const addToList = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...splitList(text),
];

/** The inventory as options of a command line; none where it is the default. */
export const inventoryWords = ({ inventory }: Pick<GlobalOptions, 'inventory'>): readonly string[] =>
  inventory.join('\0') === DEFAULT_INVENTORY ? [] : inventory.flatMap((file) => ['-i', file]);

/** Words with commas between. */
export function splitList(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new InvalidArgumentError('A name is missing.');
  return words;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return count;
}
