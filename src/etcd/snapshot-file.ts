import { createReadStream } from 'node:fs';
import { open, realpath, rename, rm } from 'node:fs/promises';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';

import { SnapshotDigest, type SnapshotSeal } from './snapshot-digest.ts';

/** In base64 below the 8 MiB that a program may print. */
export const PIECE_BYTES = 4 * 1024 * 1024;
const PIECE_TIMEOUT_MS = 300_000;

/** Prints a piece of a file of a host in base64. */
export const pieceOf = (path: string, index: number): RunStep => ({
  do: 'run',
  summary: `read ${path}`,
  timeoutMs: PIECE_TIMEOUT_MS,
  script: sh`dd if=${path} bs=${PIECE_BYTES} skip=${index} count=1 2>/dev/null | base64 -w 0`,
});

/** What is wanted of a file that is received. */
export interface Expected {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Writes a snapshot piece by piece, for nobody else to read, and gives it its name only once all of it is there and
 * right.
 *
 * @throws {SlipwayError} when it is not what was sent, or not whole.
 */
export async function receiveSnapshot(
  out: string,
  expected: Expected,
  piece: (index: number) => Promise<Buffer>,
): Promise<void> {
  const target = await realpath(out).catch(() => out);
  const part = `${target}.part`;
  await rm(part, { force: true });
  const file = await open(part, 'wx', 0o600);
  try {
    const digest = new SnapshotDigest();
    const pieces = Math.ceil(expected.sizeBytes / PIECE_BYTES);
    for (let index = 0; index < pieces; index += 1) {
      const bytes = await piece(index);
      digest.update(bytes);
      await file.write(bytes);
    }
    const { sha256, isIntact } = digest.seal();
    if (sha256 !== expected.sha256 || !isIntact) throw broken(out, 'did not arrive as it was sent');
    await file.sync();
    await rename(part, target);
  } finally {
    await file.close();
    await rm(part, { force: true });
  }
}

/**
 * Reads a snapshot to its end.
 *
 * @param sought texts of which is told whether they are in it.
 * @throws {SlipwayError} when there is none, or it is not whole.
 */
export async function readSnapshot(
  path: string,
  sought: readonly string[] = [],
): Promise<SnapshotSeal & { readonly found: ReadonlySet<string> }> {
  const digest = new SnapshotDigest();
  const found = new Set<string>();
  const overlap = Math.max(0, ...sought.map((text) => text.length));
  let before = Buffer.alloc(0);
  try {
    for await (const bytes of readPieces(path)) {
      digest.update(bytes);
      const all = Buffer.concat([before, bytes]);
      for (const text of sought) if (text !== '' && all.includes(text)) found.add(text);
      before = all.subarray(Math.max(all.length - overlap, 0));
    }
  } catch (cause) {
    throw new SlipwayError(`cannot read ${path}: ${(cause as Error).message}`, {
      code: 'snapshot-not-read',
      exitCode: EXIT.usage,
      cause,
    });
  }
  const seal = digest.seal();
  if (!seal.isIntact) throw broken(path, 'is no snapshot of etcd, or not a whole one');
  return { ...seal, found };
}

/** A file in pieces of the size that is sent at once, the last one smaller. */
export const readPieces = (path: string): AsyncIterable<Buffer> =>
  createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;

const broken = (path: string, why: string): SlipwayError =>
  new SlipwayError(`${path} ${why}: the checksum at its end does not fit`, {
    code: 'snapshot-broken',
    hint: 'a file that was copied from the data directory has no checksum; take one with "slipway etcd snapshot"',
  });
