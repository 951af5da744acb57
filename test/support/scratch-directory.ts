import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

/**
 * An empty directory that goes with the test that asks for it.
 *
 * @param onFinished of the test's own context, for one that runs beside others.
 */
export async function scratchDirectory(onFinished = onTestFinished): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-test-'));
  onFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
