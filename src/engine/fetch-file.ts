import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256Of } from '#core/sha256.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { FileRef } from '#core/step.ts';

import type { FetchOptions } from './artifacts.ts';
import { download } from './download.ts';
import { keepInCache } from './keep-in-cache.ts';

/** A release of containerd over a slow line. */
const FETCH_TIMEOUT_MS = 15 * 60_000;
const HINT = 'name a mirror in the inventory, under runtime.downloads; the digest stays the same';

/**
 * Brings release files to the controller for steps that stream them: each is fetched once, checked, and kept in
 * the cache under its digest.
 *
 * @returns a file as base64, as a shell can be fed it.
 */
export function fileFetcher(options: FetchOptions): (ref: FileRef) => Promise<string> {
  const fetched = new Map<string, Promise<string>>();
  return (ref) => {
    const found =
      fetched.get(ref.sha256) ?? fetchedFile(ref, options).then((bytes) => bytes.toString('base64'));
    fetched.set(ref.sha256, found);
    found.catch(() => fetched.delete(ref.sha256));
    return found;
  };
}

/** Fetches a release file, checks it, and keeps it in the cache under its digest. */
export async function fetchedFile(ref: FileRef, { cache, listener, signal }: FetchOptions): Promise<Buffer> {
  const path = join(cache, ref.sha256);
  const cached = await readFile(path).catch(() => undefined);
  if (cached !== undefined && sha256Of(cached) === ref.sha256) return cached;
  const bytes = await download(ref.url, { timeoutMs: FETCH_TIMEOUT_MS, hint: HINT, listener, signal });
  const digest = sha256Of(bytes);
  if (digest !== ref.sha256) {
    throw new SlipwayError(`${ref.url} has the sha256 ${digest}, wanted ${ref.sha256}`, {
      code: 'artifact-mismatch',
      hint: 'find out why it differs before you change the digest in the inventory',
    });
  }
  await keepInCache(path, bytes);
  return bytes;
}
