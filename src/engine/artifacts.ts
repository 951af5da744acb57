import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { ArtifactRef } from '#core/artifact.ts';
import type { Listener } from '#core/event.ts';
import { sha256Of } from '#core/sha256.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { download } from './download.ts';
import { keepInCache } from './keep-in-cache.ts';
import { readLocalArtifact } from './local-artifacts.ts';

/** A key can get a new expiry date and keep its fingerprint, so a file that no digest pins is fetched again. */
const UNPINNED_AGE_MS = 24 * 60 * 60 * 1000;
const FETCH_TIMEOUT_MS = 30_000;
const HINT =
  'give a mirror or a path on this machine in the inventory; the digest or fingerprint stays the same';

export interface FetchOptions {
  /** A directory; it is made when needed. */
  readonly cache: string;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

/**
 * Brings files to the controller, checks them, and keeps them for the next run; hosts need no internet for
 * them.
 *
 * @returns text by location.
 * @throws {SlipwayError} when one that is no option cannot be had, or is not what its pin says.
 */
export async function fetchArtifacts(
  refs: readonly ArtifactRef[],
  options: FetchOptions,
): Promise<ReadonlyMap<string, string>> {
  const unique = new Map(refs.map((ref) => [ref.location, ref]));
  const fetched = [...unique.values()].map(async (ref): Promise<readonly [string, string] | undefined> => {
    try {
      return [ref.location, await obtain(ref, options)];
    } catch (error) {
      if (ref.isOptional === true && !options.signal.aborted) return undefined;
      throw error;
    }
  });
  return new Map((await Promise.all(fetched)).filter((one) => one !== undefined));
}

/** Those of the files that are on this machine already; nothing is fetched. */
export async function cachedArtifacts(
  refs: readonly ArtifactRef[],
  cache: string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const ref of refs) {
    if (typeof ref.from === 'object') continue;
    const reading = isUrl(ref) ? readFile(cachePath(ref, cache), 'utf8') : readLocalArtifact(ref);
    const text = await reading.catch(() => undefined);
    if (text !== undefined && ref.faultIn(text) === undefined) found.set(ref.location, text);
  }
  return found;
}

async function obtain(ref: ArtifactRef, { cache, listener, signal }: FetchOptions): Promise<string> {
  if (!isUrl(ref)) return checked(ref, await readLocalArtifact(ref));
  const path = cachePath(ref, cache);
  const cached = await readCache(ref, path);
  if (cached?.isFresh === true) return cached.text;
  try {
    const options = { timeoutMs: FETCH_TIMEOUT_MS, hint: HINT, listener, signal };
    const text = checked(ref, (await download(ref.location, options)).toString('utf8'));
    await keepInCache(path, text);
    return text;
  } catch (error) {
    if (cached !== undefined && !signal.aborted) return cached.text;
    throw error;
  }
}

const isUrl = ({ location }: ArtifactRef): boolean => /^https?:/.test(location);

function cachePath({ location, pin }: ArtifactRef, cache: string): string {
  return join(cache, sha256Of(`${location}\n${pin}`));
}

async function readCache(
  ref: ArtifactRef,
  path: string,
): Promise<{ readonly text: string; readonly isFresh: boolean } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (ref.faultIn(text) !== undefined) return undefined;
    return { text, isFresh: ref.pin.startsWith('sha256:') || Date.now() - mtimeMs < UNPINNED_AGE_MS };
  } catch {
    return undefined;
  }
}

function checked(ref: ArtifactRef, text: string): string {
  const wrong = ref.faultIn(text);
  if (wrong === undefined) return text;
  throw new SlipwayError(`${ref.location} is not the file it should be: ${wrong}`, {
    code: 'artifact-mismatch',
    hint: 'nothing was applied; find out why it differs before you change the pin in the inventory',
  });
}
