import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Writes a file whole or not at all. What a link points to is replaced, not the link; what is no regular file (a pipe,
 * /dev/stdout) is written to.
 *
 * @throws {NodeJS.ErrnoException} when it cannot be written; the old content is still there.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | Iterable<string>,
  mode: number,
): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    await writeFile(path, content);
    return;
  }
  const target = await realpath(path).catch(() => path);
  const fresh = `${target}.${randomUUID()}`;
  try {
    const file = await open(fresh, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
