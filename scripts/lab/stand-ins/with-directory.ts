import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `body` with a directory that is gone afterwards. */
export async function withDirectory<T>(body: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-stand-ins-'));
  try {
    return await body(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
