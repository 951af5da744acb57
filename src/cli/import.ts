import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { type Source, SOURCE_NAMES, SOURCES } from '#importers/sources.ts';
import type { Cli } from './cli-context.ts';
import { writeNew } from './write-new.ts';

export const importCommand = (cli: Cli): CommandUnknownOpts =>
  new Command('import')
    .summary('make an inventory of what another tool knows')
    .description(
      'Makes an inventory of the hosts that another tool knows, with comments on what could not be carried over. ' +
        'It connects to nothing, and what is secret is asked for by the inventory, and never printed.',
    )
    .addArgument(new Argument('<format>', 'whose hosts').choices(SOURCE_NAMES))
    .argument('[file]', 'what the tool says; default: standard input')
    .option('--out <file>', 'write the inventory to a new file')
    .addHelpText('after', `\nFormats, and what is read:\n${table()}\n${EXAMPLES}`)
    .action(async (format, file, { out }) => {
      const [{ IMPORTERS }, { writeInventory }] = await Promise.all([
        import('#importers/importers.ts'),
        import('#importers/write-inventory.ts'),
      ]);
      const text = writeInventory({
        ...IMPORTERS[format](await readSource(cli, format, file)),
        origin: `slipway import ${format}`,
      });
      if (out === undefined) cli.stdout.write(text);
      else await writeNew(cli, out, text);
    });

const table = (): string => SOURCE_NAMES.map((name) => `  ${name.padEnd(11)} ${SOURCES[name]}`).join('\n');

const EXAMPLES = `
Examples:
  vagrant ssh-config | slipway import vagrant --out inventory.yaml
  terraform output -json | slipway import terraform
  slipway import k0sctl k0sctl.yaml`;

/** What the tool says: from a file, or from standard input. */
export async function readSource(cli: Cli, format: Source, file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return readNamed(file);
  const text = await cli.stdin?.();
  if (text !== undefined) return text;
  throw new SlipwayError('nothing is to be read: standard input is a terminal', {
    code: 'nothing-to-import',
    exitCode: EXIT.usage,
    hint: `name a file, or hand over the output of: ${SOURCES[format]}`,
  });
}

async function readNamed(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SlipwayError(`cannot read ${file}: ${(cause as Error).message}`, {
      code: 'input-unreadable',
      exitCode: EXIT.usage,
      cause,
    });
  }
}
