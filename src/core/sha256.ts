import type { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * In lower-case hexadecimal, as digests are written here.
 *
 * What Node knows of cryptography is loaded when the first digest is wanted: short runs want none, and loading it is a
 * thirtieth of one.
 */
export function hexDigest(algorithm: 'sha1' | 'sha256', bytes: Uint8Array | string): string {
  const crypto = load('node:crypto') as { readonly createHash: typeof createHash };
  return crypto.createHash(algorithm).update(bytes).digest('hex');
}

export const sha256Of = (bytes: Uint8Array | string): string => hexDigest('sha256', bytes);
