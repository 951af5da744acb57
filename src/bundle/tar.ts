import type { FileHandle } from 'node:fs/promises';

const BLOCK = 512;

export interface TarFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The header of a file in a tar, of a time and an owner that are always the same: the same files make the same bytes.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar Interchange Format)
 */
export function tarHeader({ path, sizeBytes }: TarFile): Buffer {
  if (Buffer.byteLength(path) > 100) throw new RangeError(`${path} is too long for a tar`);
  if (sizeBytes >= 8 ** 11) throw new RangeError(`${path} is too large for a tar`);
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0);
  header.write(`${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  header.write(`${octal(sizeBytes, 11)}\0${octal(0, 11)}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

/** What follows the content of a file, up to a whole block. */
export const tarPadding = (sizeBytes: number): Buffer => Buffer.alloc((BLOCK - (sizeBytes % BLOCK)) % BLOCK);

/** What a tar ends with. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

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
