import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Environment } from '#core/environment.ts';

import { type Kubeconfig, writeKubeconfig } from './kubeconfig-file.ts';

/** Writes a kubeconfig to a file of its own, which is there for as long as it is used. */
export async function withTemporaryKubeconfig(
  env: Environment,
  kubeconfig: Kubeconfig,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(env['TMPDIR'] || '/tmp', 'slipway-kubeconfig-'));
  try {
    const path = join(directory, 'kubeconfig');
    await writeKubeconfig(path, kubeconfig);
    await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
