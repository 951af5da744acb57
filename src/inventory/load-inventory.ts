import { open, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { Environment } from '#core/environment.ts';
import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { type Inventory, parseInventory } from './parse-inventory.ts';
import { fileFault } from './read-secrets.ts';
import type { LookAtPath } from './values/local-file.ts';

export interface LoadOptions {
  /** What `${NAME}` and `{env: NAME}` refer to. */
  readonly env: Environment;
  /** What `~/` stands for; default HOME of `env`. */
  readonly home?: string;
  /** Asks a question without showing the answer; absent where there is nobody to ask. */
  readonly prompt?: ((question: string) => Promise<string>) | undefined;
  /** `skip` leaves passwords out, for uses that do not connect; default `read`. */
  readonly secrets?: 'read' | 'skip';
  /** Hears of keys that are missing, for uses that connect to nobody; without it, they are errors. */
  readonly warn?: ((warning: string) => void) | undefined;
}

/**
 * Reads an inventory from its file.
 *
 * @throws {InventoryError} with everything that is wrong, at once.
 * @throws {SlipwayError} `inventory-unreadable` when there is no such file.
 */
export async function loadInventory(path: string, options: LoadOptions): Promise<Inventory> {
  const text = await readInventoryFile(path);
  return parseInventory(text, { path, directory: dirname(resolve(path)), lookAt, ...options });
}

/** Opens it, so that one that may not be read is told as well. */
const lookAt: LookAtPath = async (path) => {
  try {
    await using file = await open(path);
    const seen = await file.stat();
    return seen.isDirectory() ? 'directory' : 'file';
  } catch (error) {
    return { fault: fileFault(error) };
  }
};

async function readInventoryFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SlipwayError(`the inventory ${path} cannot be read: ${fileFault(error)}`, {
      code: 'inventory-unreadable',
      exitCode: EXIT.usage,
      hint: 'name the file with --inventory FILE',
      cause: error,
    });
  }
}
