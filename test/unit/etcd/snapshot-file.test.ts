import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { PIECE_BYTES, readSnapshot, receiveSnapshot } from '#etcd/snapshot-file.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

/** A database of some pages, and the sum that etcdctl writes behind it. */
function sealed(database: Buffer): Buffer {
  return Buffer.concat([database, createHash('sha256').update(database).digest()]);
}

const small = sealed(Buffer.alloc(20_480, 'x'));
/** Of two pieces, with a text where they meet. */
const large = sealed(
  Buffer.concat([
    Buffer.alloc(PIECE_BYTES - 5, 'a'),
    Buffer.from('LINE OF CA'),
    Buffer.alloc(512 * 8 - 5, 'b'),
  ]),
);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const pieces =
  (bytes: Buffer) =>
  async (index: number): Promise<Buffer> =>
    bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES);

const lost = async (): Promise<Buffer> => Promise.reject(new Error('lost'));

async function file(bytes: Buffer): Promise<string> {
  const path = join(await scratchDirectory(), 'snapshot.db');
  await writeFile(path, bytes);
  return path;
}

describe('a snapshot', () => {
  it('is whole when the sum at its end is that of what stands before', async () => {
    expect(await readSnapshot(await file(small))).toMatchObject({
      isIntact: true,
      sizeBytes: 20_512,
      sha256: sha256(small),
    });
  });

  it.each([
    ['cut off', small.subarray(0, -40)],
    ['empty', Buffer.alloc(0)],
    ['without its sum, as a file of the data directory', small.subarray(0, -32)],
    ['changed in one byte', Buffer.concat([small.subarray(0, 100), Buffer.from('y'), small.subarray(101)])],
  ])('is refused when it is %s', async (_, bytes) => {
    await expect(readSnapshot(await file(bytes))).rejects.toMatchObject({ code: 'snapshot-broken' });
  });

  it('that is not there is refused as a wrong use', async () => {
    await expect(readSnapshot('/nowhere/s.db')).rejects.toMatchObject({
      code: 'snapshot-not-read',
      exitCode: 3,
    });
  });

  it('is searched for texts, also where two pieces meet', async () => {
    const { found } = await readSnapshot(await file(large), ['LINE OF CA', 'another', '']);
    expect([...found]).toEqual(['LINE OF CA']);
  });

  it('is received in pieces, for nobody else to read', async () => {
    const out = join(await scratchDirectory(), 'out.db');
    await receiveSnapshot(out, { sha256: sha256(large), sizeBytes: large.length }, pieces(large));
    expect((await readFile(out)).equals(large)).toBe(true);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is not what was sent', pieces(small), { sha256: 'f'.repeat(64), sizeBytes: small.length }],
    [
      'is not whole',
      pieces(large.subarray(0, -10)),
      { sha256: sha256(large.subarray(0, -10)), sizeBytes: 10 },
    ],
  ])(
    'that %s leaves neither a file nor a part of one, and what was there stays',
    async (_, piece, expected) => {
      const directory = await scratchDirectory();
      const out = join(directory, 'out.db');
      await writeFile(out, 'older');
      await expect(receiveSnapshot(out, expected, piece)).rejects.toMatchObject({ code: 'snapshot-broken' });
      expect(await readdir(directory)).toEqual(['out.db']);
      expect(await readFile(out, 'utf8')).toBe('older');
    },
  );

  it('that is cut off on its way leaves nothing', async () => {
    const directory = await scratchDirectory();
    const received = receiveSnapshot(join(directory, 'out.db'), { sha256: '', sizeBytes: 9 }, lost);
    await expect(received).rejects.toThrow('lost');
    expect(await readdir(directory)).toEqual([]);
  });
});
