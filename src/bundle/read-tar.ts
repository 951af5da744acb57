import type { FileHandle } from 'node:fs/promises';

import type { TarFile } from '#core/tar.ts';

const BLOCK = 512;

export interface TarEntry extends TarFile {
  /** Where its content begins. */
  readonly offset: number;
}

/**
 * Finds the regular files of a tar by its headers alone, in their order.
 *
 * @throws {Error} when it is no tar, or is cut off.
 */
export async function readTarEntries(file: FileHandle): Promise<readonly TarEntry[]> {
  const { size } = await file.stat();
  const entries: TarEntry[] = [];
  const header = Buffer.alloc(BLOCK);
  for (let offset = 0; offset < size;) {
    const { bytesRead } = await file.read(header, 0, BLOCK, offset);
    if (bytesRead < BLOCK) throw new Error('it is cut off');
    if (header.every((byte) => byte === 0)) return entries;
    const entry = readHeader(header);
    const start = offset + BLOCK;
    if (start + entry.sizeBytes > size) throw new Error(`it is cut off within ${entry.path}`);
    if (entry.isFile) entries.push({ path: entry.path, sizeBytes: entry.sizeBytes, offset: start });
    offset = start + Math.ceil(entry.sizeBytes / BLOCK) * BLOCK;
  }
  throw new Error('it is cut off');
}

function readHeader(header: Buffer): TarFile & { readonly isFile: boolean } {
  const text = (start: number, length: number): string =>
    header
      .subarray(start, start + length)
      .toString('utf8')
      .replace(/\0.*$/s, '');
  const wanted = Number.parseInt(text(148, 8), 8);
  const blank = Buffer.from(header).fill(0x20, 148, 156);
  if (blank.reduce((total, byte) => total + byte, 0) !== wanted) throw new Error('it is not a tar archive');
  const prefix = text(345, 155);
  const path = `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`.replace(/^\.\//, '');
  const type = text(156, 1);
  return { path, sizeBytes: Number.parseInt(text(124, 12), 8), isFile: type === '0' || type === '' };
}
