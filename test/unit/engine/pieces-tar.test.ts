import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { Piece } from '#core/step.ts';
import { piecesTar } from '#engine/pieces-tar.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const piece = (path: string, text: string): Piece => ({
  path,
  sha256: sha256(text),
  sizeBytes: text.length,
});

async function whole(pieces: readonly Piece[], texts: Readonly<Record<string, string>>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const open = async function* (digest: string) {
    yield await Promise.resolve(Buffer.from(texts[digest] ?? ''));
  };
  for await (const chunk of piecesTar(pieces, open)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('pieces of a bundle', () => {
  it('go out as a tar that tar reads', async () => {
    const layer = 'a layer '.repeat(1000);
    const tar = await whole([{ path: 'index.json', text: '{}' }, piece('blobs/a', layer)], {
      [sha256(layer)]: layer,
    });
    const list = execFileSync('tar', ['-t'], { input: tar, encoding: 'utf8' });
    expect(list).toBe('index.json\nblobs/a\n');
    expect(execFileSync('tar', ['-xO', 'blobs/a'], { input: tar, encoding: 'utf8' })).toBe(layer);
  });

  it.each([
    ['altered', 'another', 'layers'],
    ['too short', 'layer', 'layers'],
    ['too long', 'layers and more', 'layers'],
  ])('that are %s end without the end of a tar', async (_, found, wanted) => {
    await expect(whole([piece('blobs/a', wanted)], { [sha256(wanted)]: found })).rejects.toThrow(
      'blobs/a in the bundle is altered',
    );
  });
});
