import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { Environment } from '#core/environment.ts';
import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { nameOfInput, STANDARD_INPUT } from '#core/standard-input.ts';

import { type Inventory, parseInventories } from './parse-inventory.ts';
import { fileFault } from './read-secrets.ts';
import { MAX_LENGTH, TOO_LONG } from './text/document.ts';
import { InventoryError } from './text/problem.ts';
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
 * Reads an inventory from its files, or from those of a directory in the order of their names; later ones say more than those
 * before. Paths in all of them are relative to the directory of the first; of standard input, to the working directory.
 *
 * @throws {InventoryError} with everything that is wrong, at once.
 * @throws {SlipwayError} `inventory-unreadable` when there is no such file.
 */
export async function loadInventory(
  named: string | readonly string[],
  options: LoadOptions,
): Promise<Inventory> {
  const given = typeof named === 'string' ? [named] : named;
  const files = (await Promise.all(given.map(filesAt))).flat();
  const texts = await Promise.all(
    files.map(async (path) => ({ path: nameOfInput(path), text: await readInventoryFile(path) })),
  );
  return parseInventories(texts, { directory: dirname(resolve(files[0] ?? '')), lookAt, ...options });
}

/** A file, or the inventories of a directory. */
async function filesAt(path: string): Promise<readonly string[]> {
  if (path === STANDARD_INPUT) return [path];
  const seen = await stat(path).catch(() => undefined);
  if (seen?.isDirectory() !== true) return [path];
  const names = await readdir(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const files = names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).toSorted();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw new SlipwayError(`the directory ${path} has no inventory: no file there is called *.yaml or *.yml`, {
    code: 'inventory-unreadable',
    exitCode: EXIT.usage,
    hint: 'name the file with --inventory FILE, or write one with: slipway init',
  });
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
  const at = { path: nameOfInput(path), line: 1, column: 1, pointer: '' };
  const bytes = await readBytes(path);
  if (bytes === undefined) throw new InventoryError([{ ...at, message: TOO_LONG }]);
  try {
    return decoded(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const before = new TextDecoder().decode(bytes.subarray(0, validBytes(bytes))).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new InventoryError([{ ...at, line: before.length, column, message: NOT_UTF_8 }]);
  }
}

const NOT_UTF_8 = 'not UTF-8, in which YAML is written: save the file as UTF-8';

/** What Windows' editors and shells write as "Unicode" begins with its byte order mark, as YAML wants it. */
function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = { fffe: 'utf-16le', feff: 'utf-16be' }[mark] ?? 'utf-8';
  if (encoding === 'utf-8' && bytes.includes(0)) throw new TypeError('a byte of zero is no text');
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

/** How many bytes at the beginning are UTF-8. */
function validBytes(bytes: Buffer): number {
  const zero = bytes.indexOf(0);
  let [valid, end] = [0, zero === -1 ? bytes.length : zero + 1];
  while (end - valid > 1) {
    const middle = Math.floor((valid + end) / 2);
    if (isStartOfUtf8(bytes.subarray(0, middle))) valid = middle;
    else end = middle;
  }
  return valid;
}

/** A character that is cut off at the end is not held against it. */
function isStartOfUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Undefined where there are too many of them, also for UTF-16. */
async function readBytes(path: string): Promise<Buffer | undefined> {
  try {
    if (path === STANDARD_INPUT) return await readStandardInput();
    await using file = await open(path);
    const { size } = await file.stat();
    return size > MAX_LENGTH * 2 ? undefined : await readFile(file);
  } catch (error) {
    throw unreadable(path, error);
  }
}

const unreadable = (path: string, cause: unknown): SlipwayError =>
  new SlipwayError(`the inventory ${nameOfInput(path)} cannot be read: ${fileFault(cause)}`, {
    code: 'inventory-unreadable',
    exitCode: EXIT.usage,
    hint: 'name the file with --inventory FILE, or write one with: slipway init',
    cause,
  });

async function readStandardInput(): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream('', { fd: 0, autoClose: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_LENGTH * 2) return undefined;
  }
  return Buffer.concat(chunks);
}
