import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach } from 'vitest';

/** An empty directory for each test of the enclosing suite. */
export function temporaryDirectory(): () => string {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-test-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  return () => directory;
}
