import { createHash } from 'node:crypto';

import { SlipwayError } from '#core/slipway-error.ts';
import type { Piece } from '#core/step.ts';
import { TAR_END, tarHeader, tarPadding } from '#core/tar.ts';

export type OpenPiece = (sha256: string) => AsyncIterable<Uint8Array>;

/**
 * The tar that a step reads. A piece is checked as it goes out; the program gets no end of the tar where one is altered, and
 * so takes none of it.
 */
export async function* piecesTar(
  pieces: readonly Piece[],
  open: OpenPiece | undefined,
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if ('text' in piece) {
      const bytes = Buffer.from(piece.text);
      yield tarHeader({ path: piece.path, sizeBytes: bytes.length });
      yield bytes;
      yield tarPadding(bytes.length);
      continue;
    }
    if (open === undefined) throw new TypeError(`${piece.path} is of a bundle, and the run goes by none`);
    yield tarHeader(piece);
    yield* checked(piece, open(piece.sha256));
    yield tarPadding(piece.sizeBytes);
  }
  yield TAR_END;
}

async function* checked(
  { path, sha256, sizeBytes }: Extract<Piece, { readonly sha256: string }>,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let sent = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    sent += chunk.length;
    if (sent > sizeBytes) break;
    yield chunk;
  }
  if (sent === sizeBytes && hash.digest('hex') === sha256) return;
  throw new SlipwayError(`${path} in the bundle is altered`, {
    code: 'bundle-altered',
    hint: 'copy the bundle again from where it was made, and run the same command again',
  });
}
