import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Blob } from '#core/bundle.ts';
import { sha256Of } from '#core/sha256.ts';
import { writeWhole } from '#core/write-whole.ts';

/** A source of bytes from some place on: it says where they really begin, for a server may begin anew. */
export type BlobSource = (
  from: number,
) => Promise<{ readonly from: number; readonly bytes: AsyncIterable<Uint8Array> }>;

/**
 * Pieces in a directory of this machine, by digest. What is there and right is not fetched again, and one that was cut off
 * is gone on with where it ends.
 */
export class BlobStore {
  readonly #directory: string;
  /** Those whose digest this process has seen to be right. */
  readonly #known = new Map<string, Promise<Blob | undefined>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  pathOf(sha256: string): string {
    return join(this.#directory, 'sha256', sha256);
  }

  /** What is there and right. */
  find(sha256: string): Promise<Blob | undefined> {
    const found = this.#known.get(sha256) ?? this.#look(sha256);
    this.#known.set(sha256, found);
    return found;
  }

  async read(sha256: string): Promise<Buffer> {
    return readFile(this.pathOf(sha256));
  }

  open(sha256: string): AsyncIterable<Buffer> {
    return createReadStream(this.pathOf(sha256), { highWaterMark: 1 << 20 });
  }

  /** Keeps bytes that are here already. */
  async put(bytes: Uint8Array): Promise<Blob> {
    const sha256 = sha256Of(bytes);
    const found = await this.find(sha256);
    if (found !== undefined) return found;
    await mkdir(dirname(this.pathOf(sha256)), { recursive: true });
    await writeWhole(this.pathOf(sha256), bytes, 0o644);
    return this.#learn({ sha256, sizeBytes: bytes.length });
  }

  /**
   * Fetches a piece, and goes on where an earlier attempt ended.
   *
   * @throws {WrongDigest} when what comes is something else; it is not kept.
   */
  async fetch(sha256: string, source: BlobSource): Promise<Blob> {
    const found = await this.find(sha256);
    if (found !== undefined) return found;
    const path = this.pathOf(sha256);
    const part = `${path}.part`;
    await mkdir(dirname(path), { recursive: true });
    const there = await digestOf(part).catch(() => undefined);
    if (there?.sha256 === sha256) return this.#keep(part, there);
    const { from, bytes } = await source(there?.sizeBytes ?? 0);
    const writing = createWriteStream(part, from === 0 ? { flags: 'w' } : { flags: 'r+', start: from });
    await pipeline(Readable.from(bytes), writing);
    const blob = await digestOf(part);
    if (blob.sha256 !== sha256) {
      await rm(part, { force: true });
      throw new WrongDigest(blob.sha256);
    }
    return this.#keep(part, blob);
  }

  async #keep(part: string, blob: Blob): Promise<Blob> {
    await rename(part, this.pathOf(blob.sha256));
    return this.#learn(blob);
  }

  #learn(blob: Blob): Blob {
    this.#known.set(blob.sha256, Promise.resolve(blob));
    return blob;
  }

  async #look(sha256: string): Promise<Blob | undefined> {
    const blob = await digestOf(this.pathOf(sha256)).catch(() => undefined);
    return blob?.sha256 === sha256 ? blob : undefined;
  }
}

/** What came is not what was asked for. */
export class WrongDigest extends Error {
  readonly found: string;

  constructor(found: string) {
    super(`its sha256 is ${found}`);
    this.found = found;
  }
}

async function digestOf(path: string): Promise<Blob> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}
