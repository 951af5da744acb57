import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Lab } from '../../lab.ts';
import { buildRepository } from '../../repository.ts';
import { run } from '../../run.ts';
import { signingKey } from '../../signing-key.ts';
import { serveTree } from '../serve-tree.ts';
import { buildNvidiaPackages } from './packages.ts';

/** What an inventory says of a repository. */
export interface NvidiaRepository {
  readonly url: string;
  readonly keyUrl: string;
  readonly fingerprint: string;
}

/**
 * Has the lab's web server offer stand-ins for NVIDIA's packages, laid out as on nvidia.github.io; and below
 * /distribution, for the driver, which distributions have.
 */
export async function serveNvidiaRepository(lab: Lab, version = '1.20.0'): Promise<NvidiaRepository> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-nvidia-'));
  try {
    const architecture = (await run`dpkg --print-architecture`).stdout.trim();
    const debs = await buildNvidiaPackages(version, directory);
    const built = await buildRepository({ debs, minor: 'nvidia', dir: join(directory, 'repository') });
    const root = '/libnvidia-container';
    await serveTree(lab.web, `${root}/stable/deb/${architecture}`, built.directory);
    // The same once more, in the place of a distribution that has the driver.
    await serveTree(lab.web, '/distribution', built.directory);
    return {
      url: `${lab.web.url}${root}/stable`,
      keyUrl: lab.web.serve(`${root}/gpgkey`, (await signingKey()).publicKey),
      fingerprint: built.fingerprint,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}
