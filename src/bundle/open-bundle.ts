import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { type Blob, type BundleIndex, blobsOf } from '#core/bundle.ts';
import { EXIT } from '#core/exit-code.ts';
import { sha256Of } from '#core/sha256.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { BUNDLE_INDEX, blobPath } from './bundle-paths.ts';
import { bundleIndexFault } from './bundle-index.ts';
import { readTarEntries, type TarEntry } from './read-tar.ts';
import { layoutIndex } from './write-bundle.ts';

const INDEX_LIMIT_BYTES = 64 * 1024 * 1024;

/** A bundle on this machine: what it says it holds, and its pieces. */
export interface OpenBundle {
  readonly path: string;
  readonly index: BundleIndex;
  /** Tells this bundle from others: the digest of its index, which has the digests of all else. */
  readonly id: string;
  /** @throws {SlipwayError} when it has no such piece. */
  readonly open: (sha256: string) => AsyncIterable<Buffer>;
  /** A short piece, whole and checked. */
  readonly read: (sha256: string) => Promise<Buffer>;
  readonly has: (blob: Blob) => boolean;
  readonly entries: readonly TarEntry[];
}

/**
 * Opens a bundle by its index. Its pieces are not read for that.
 *
 * @throws {SlipwayError} when it cannot be read, or is no bundle.
 */
export async function openBundle(path: string): Promise<OpenBundle> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const entries = await readTarEntries(file);
    const places = new Map(entries.map((entry) => [entry.path, entry]));
    const place = places.get(BUNDLE_INDEX);
    if (place === undefined) throw new Error(`it has no ${BUNDLE_INDEX}`);
    if (place.sizeBytes > INDEX_LIMIT_BYTES) throw new Error(`its ${BUNDLE_INDEX} is too long`);
    const bytes = Buffer.alloc(place.sizeBytes);
    await file.read(bytes, 0, place.sizeBytes, place.offset);
    return opened(path, bytes, entries, places);
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    const isThere = (error as NodeJS.ErrnoException).code !== 'ENOENT';
    const why = isThere ? (error instanceof Error ? error.message : String(error)) : 'there is no such file';
    throw new SlipwayError(`cannot read the bundle ${path}: ${why}`, {
      code: 'bundle-unreadable',
      exitCode: EXIT.usage,
      cause: error,
      hint: 'name a file that "slipway bundle create" has made, and that came over whole: compare its size, or copy it again',
    });
  } finally {
    await file?.close();
  }
}

function opened(
  path: string,
  bytes: Buffer,
  entries: readonly TarEntry[],
  places: ReadonlyMap<string, TarEntry>,
): OpenBundle {
  const said = JSON.parse(bytes.toString('utf8')) as unknown;
  const fault = bundleIndexFault(said);
  if (fault !== undefined) throw new Error(`its ${BUNDLE_INDEX} ${fault}`);
  const index = said as BundleIndex;
  const read = (sha256: string): AsyncIterable<Buffer> => {
    const place = places.get(blobPath(sha256));
    if (place === undefined)
      throw new SlipwayError(`${path} has no piece ${sha256}`, { code: 'bundle-incomplete' });
    if (place.sizeBytes === 0) return nothing();
    const { offset, sizeBytes } = place;
    return createReadStream(path, { start: offset, end: offset + sizeBytes - 1, highWaterMark: 1 << 18 });
  };
  return {
    path,
    index,
    id: sha256Of(bytes),
    entries,
    open: read,
    read: async (sha256) => {
      const content = await wholeOf(read(sha256));
      const found = sha256Of(content);
      if (found === sha256) return content;
      throw new SlipwayError(`${path}: the piece ${sha256} is altered, its sha256 is ${found}`, {
        code: 'bundle-altered',
        exitCode: EXIT.usage,
        hint: ALTERED,
      });
    },
    has: ({ sha256, sizeBytes }) => places.get(blobPath(sha256))?.sizeBytes === sizeBytes,
  };
}

async function wholeOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* nothing(): AsyncGenerator<Buffer> {}

export const ALTERED =
  'copy the bundle again from where it was made, or make it again; nothing of it was used';

/** What is wrong with a bundle, one line each. */
export interface BundleFault {
  /** The piece, by what it is for: `image registry.k8s.io/pause:3.10`. */
  readonly what: string;
  readonly fault: string;
}

/**
 * Reads every piece and compares its digest with what the index says.
 *
 * @param onBlob called with each piece that was read.
 */
export async function verifyBundle(
  bundle: OpenBundle,
  { signal, onBlob }: { readonly signal: AbortSignal; readonly onBlob?: ((blob: Blob) => void) | undefined },
): Promise<readonly BundleFault[]> {
  const { index } = bundle;
  const uses = usesOf(index);
  const faults: BundleFault[] = [];
  const blobs = blobsOf(index);
  for (const blob of blobs) {
    signal.throwIfAborted();
    const fault = await faultOf(bundle, blob);
    if (fault !== undefined) for (const what of uses.get(blob.sha256) ?? []) faults.push({ what, fault });
    onBlob?.(blob);
  }
  const known = new Set([
    BUNDLE_INDEX,
    'oci-layout',
    'index.json',
    ...blobs.map(({ sha256 }) => blobPath(sha256)),
  ]);
  for (const { path } of bundle.entries)
    if (!known.has(path)) faults.push({ what: path, fault: 'is not in its index' });
  return [...faults, ...(await layoutFaults(bundle))];
}

/** What an import of the tar as it is would take, is what slipway takes. */
async function layoutFaults(bundle: OpenBundle): Promise<readonly BundleFault[]> {
  const entry = bundle.entries.find(({ path }) => path === 'index.json');
  if (entry === undefined) return [{ what: 'index.json', fault: 'is missing' }];
  const stream = createReadStream(bundle.path, {
    start: entry.offset,
    end: entry.offset + Math.max(entry.sizeBytes, 1) - 1,
  }) as AsyncIterable<Buffer>;
  const text = (await wholeOf(stream)).toString('utf8');
  return text === `${JSON.stringify(layoutIndex(bundle.index))}\n`
    ? []
    : [{ what: 'index.json', fault: 'is altered: it names other images than the bundle' }];
}

async function faultOf(bundle: OpenBundle, blob: Blob): Promise<string | undefined> {
  const place = bundle.entries.find(({ path }) => path === blobPath(blob.sha256));
  if (place === undefined) return 'is missing';
  if (place.sizeBytes !== blob.sizeBytes) return `has ${place.sizeBytes} bytes, wanted ${blob.sizeBytes}`;
  const hash = createHash('sha256');
  for await (const chunk of bundle.open(blob.sha256)) hash.update(chunk);
  const found = hash.digest('hex');
  return found === blob.sha256 ? undefined : `is altered: its sha256 is ${found}, wanted ${blob.sha256}`;
}

/** What each piece is for. */
export function usesOf({ files, images, repositories }: BundleIndex): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  const use = (sha256: string, what: string): void => {
    uses.set(sha256, [...(uses.get(sha256) ?? []), what]);
  };
  for (const { location, sha256 } of files) use(sha256, location);
  for (const { name, blobs } of images) for (const { sha256 } of blobs) use(sha256, `image ${name}`);
  for (const { release, packages } of repositories)
    for (const { file, sha256 } of packages) use(sha256, `package ${file} for ${release}`);
  return uses;
}
