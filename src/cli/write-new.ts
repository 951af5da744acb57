import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Cli } from './cli-context.ts';
import { inventoryWords } from './global-options.ts';

/** Writes an inventory where nothing is yet. @throws {SlipwayError} where something is, or it cannot be written. */
export async function writeNew(cli: Cli, path: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new SlipwayError(
      isThere
        ? `${path} is there already, and stays as it is`
        : `cannot write ${path}: ${(cause as Error).message}`,
      {
        code: isThere ? 'inventory-exists' : 'output-unwritable',
        exitCode: EXIT.usage,
        cause,
        ...(isThere && { hint: 'name another file, or move that one away' }),
      },
    );
  }
  const { command } = await import('#core/shell.ts');
  const next = command('slipway', 'doctor', ...inventoryWords({ inventory: [path] }));
  cli.stderr.write(`The inventory is in ${path}. Look it over, then: ${next}\n`);
}
