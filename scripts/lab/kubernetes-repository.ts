import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusive.ts';
import { cacheDirectory } from './lab-paths.ts';
import { buildRepository } from './repository.ts';
import { signingKey } from './signing-key.ts';
import { buildStandIns } from './stand-ins/build.ts';
import type { PackageSource } from './web-server.ts';

/** The Kubernetes a lab offers when nobody asks for another. */
export const defaultKubernetesVersion = process.env['SLIPWAY_LAB_KUBERNETES'] || '1.34.9';

const standIns = fileURLToPath(new URL('stand-ins', import.meta.url));

/**
 * Where a lab gets its Kubernetes packages: the repository that SLIPWAY_LAB_REPO names, of real packages, or
 * one of stand-ins for `versions`, built once for each state of their sources.
 */
export async function kubernetesRepository(
  versions: readonly string[] = [defaultKubernetesVersion],
): Promise<PackageSource> {
  const real = process.env['SLIPWAY_LAB_REPO'];
  if (real) return { url: real };
  const directory = join(cacheDirectory(), 'repositories', await digestOfSources(versions));
  await exclusively(`${directory}.lock`, async () => {
    if (existsSync(directory)) return;
    const building = `${directory}.building`;
    await rm(building, { recursive: true, force: true });
    await buildStandInRepository(versions, building);
    await rename(building, directory);
  });
  return { directory };
}

async function buildStandInRepository(versions: readonly string[], dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const packages = await mkdtemp(join(dir, 'packages-'));
  const byMinor = Map.groupBy(versions, (version) => `v${version.split('.').slice(0, 2).join('.')}`);
  for (const [minor, patches] of byMinor) {
    // Patches of a minor share cri-tools and kubernetes-cni, which a repository has once.
    const debs = new Map<string, string>();
    for (const version of patches) {
      const directory = join(packages, version);
      await mkdir(directory);
      for (const deb of await buildStandIns({ version, directory })) debs.set(basename(deb), deb);
    }
    await buildRepository({ debs: [...debs.values()], minor, dir });
  }
  await rm(packages, { recursive: true });
}

/** Over everything the packages are made from, and the key they are signed with. */
async function digestOfSources(versions: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(versions.toSorted()));
  hash.update((await signingKey()).fingerprint);
  for (const source of ['repository.ts', 'kubernetes-repository.ts']) {
    hash.update(await readFile(new URL(source, import.meta.url)));
  }
  const entries = await readdir(standIns, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'));
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  for (const file of paths.toSorted()) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
