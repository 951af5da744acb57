import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

import { type BundleIndex, type Blob, blobsOf } from '#core/bundle.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { TAR_END, tarHeader, tarPadding } from '#core/tar.ts';

import type { BlobStore } from './blob-store.ts';
import { BUNDLE_INDEX, blobPath } from './bundle-paths.ts';

export interface WriteOptions {
  readonly store: BlobStore;
  readonly signal: AbortSignal;
  /** Called with each piece that is written. */
  readonly onBlob?: ((blob: Blob) => void) | undefined;
}

/**
 * Writes a bundle: a tar that is an OCI image layout at the same time. The same index makes the same bytes. It has its name
 * once it is whole.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export async function writeBundle(path: string, index: BundleIndex, options: WriteOptions): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = await open(part, 'w');
    try {
      await file.writeFile(tarOf(index, options));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOSPC' && code !== 'EROFS') throw error;
    throw new SlipwayError(`cannot write ${path}: ${(error as Error).message}`, {
      code: 'bundle-unwritable',
      cause: error,
    });
  }
}

async function* tarOf(index: BundleIndex, { store, signal, onBlob }: WriteOptions): AsyncGenerator<Buffer> {
  const texts = {
    // What makes it an image layout stands first, so that others know it for one at once.
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}\n',
    'index.json': `${JSON.stringify(layoutIndex(index))}\n`,
    [BUNDLE_INDEX]: `${JSON.stringify(index, null, 1)}\n`,
  };
  for (const [path, text] of Object.entries(texts)) {
    const bytes = Buffer.from(text);
    yield tarHeader({ path, sizeBytes: bytes.length });
    yield bytes;
    yield tarPadding(bytes.length);
  }
  for (const blob of blobsOf(index)) {
    signal.throwIfAborted();
    yield* pieceOf(blob, store);
    onBlob?.(blob);
  }
  yield TAR_END;
}

/** @throws {SlipwayError} where the store has changed since it was filled. */
async function* pieceOf({ sha256, sizeBytes }: Blob, store: BlobStore): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let written = 0;
  yield tarHeader({ path: blobPath(sha256), sizeBytes });
  for await (const chunk of store.open(sha256)) {
    hash.update(chunk);
    written += chunk.length;
    yield chunk;
  }
  if (written !== sizeBytes || hash.digest('hex') !== sha256) {
    throw new SlipwayError(`${store.pathOf(sha256)} was changed while the bundle was written`, {
      code: 'bundle-cache-altered',
      hint: 'run the same command again',
    });
  }
  yield tarPadding(sizeBytes);
}

/** As container runtimes read it: `ctr images import`, `skopeo copy oci-archive:`. */
export const layoutIndex = ({ images }: Pick<BundleIndex, 'images'>) => ({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: images.map(({ name, root, mediaType }) => ({
    mediaType,
    digest: `sha256:${root.sha256}`,
    size: root.sizeBytes,
    annotations: {
      'io.containerd.image.name': name,
      'org.opencontainers.image.ref.name': name,
    },
  })),
});
