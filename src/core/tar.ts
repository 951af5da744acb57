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
