import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { writeWhole } from '#core/write-whole.ts';

/** Keeps what was fetched for the next run. A cache that cannot be written, on a full disk, costs that run time alone. */
export async function keepInCache(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, content, 0o644);
  } catch {
    // It is fetched again.
  }
}
