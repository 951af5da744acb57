import { createHash } from 'node:crypto';

/** In lower-case hexadecimal, as digests are written here. */
export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');
