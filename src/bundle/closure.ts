import type { BundledRepository } from '#core/bundle.ts';

import type { BlobStore } from './blob-store.ts';
import type { RunProgram } from './programs.ts';
import type { WantedPackages } from './wanted.ts';

export interface ClosureOptions {
  readonly run: RunProgram;
  readonly store: BlobStore;
  /** For the package manager's own files, which it goes on with the next time. */
  readonly directory: string;
  /** Signing keys of repositories, by where they come from. */
  readonly keys: ReadonlyMap<string, string>;
  /** Repositories of a release, in its package manager's own words, where the operator gives them. */
  readonly sources: ReadonlyMap<string, string>;
  /** Shows what is being done meanwhile. */
  readonly during: <T>(what: string, work: () => Promise<T>) => Promise<T>;
}

/**
 * Packages with all that they depend on, of one release and architecture, as its package manager itself finds and checks
 * them: in a directory of its own, in which nothing is installed, so that nothing of this machine is counted on.
 *
 * @throws {SlipwayError} where this machine has no such package manager, or a package is not to be had.
 */
export async function packageClosure(
  wanted: WantedPackages,
  architecture: string,
  options: ClosureOptions,
): Promise<BundledRepository> {
  if (wanted.family.packageFormat === 'rpm') {
    const { dnfClosure } = await import('./dnf-closure.ts');
    return dnfClosure(wanted, architecture, options);
  }
  const { aptClosure } = await import('./apt-closure.ts');
  return aptClosure(wanted, architecture, options);
}
